"""Memory stays flat. `NOODLE_SOAK=1` repeats ten times as often."""

import asyncio
import gc
import os
import shutil
import unittest

import numpy as np

import noodle_deploy
from support import Case, serve

TIMES = 10 if os.environ.get("NOODLE_SOAK") == "1" else 1
MIB = 1 << 20


def resident():
    gc.collect()
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@unittest.skipUnless(os.path.exists("/proc/self/statm"), "only where /proc says how much memory a process has")
class Leaks(Case):
    def flat(self, work, warm, times, limit):
        for _ in range(warm):
            work()
        before = resident()
        for _ in range(times):
            work()
        grown = resident() - before
        print(f"{self.id().split('.')[-1]}: {times} times, {grown / MIB:+.2f} MiB")
        self.assertLess(grown, limit)

    def test_handles(self):
        def work():
            with noodle_deploy.open(self.tmp / "cycle") as noodle:
                events = noodle.events()
                serve(noodle, "linear")
                noodle.predict("linear", {"x": np.ones((1, 4), np.float32)})["y"]
                events.pull()
            shutil.rmtree(self.tmp / "cycle")

        self.flat(work, 50, 200 * TIMES, 8 * MIB)

    def test_predictions(self):
        serve(self.noodle, "linear")
        x = np.ones((1, 4), np.float32)

        def work():
            self.noodle.predict("linear", {"x": x}).outputs

        self.flat(work, 10_000, 100_000 * TIMES, 4 * MIB)

    def test_predictions_of_lists_and_errors(self):
        serve(self.noodle, "linear")

        def work():
            self.noodle.predict("linear", {"x": [[1.0, 2.0, 3.0, 4.0]]})["y"]
            try:
                self.noodle.predict("linear", {"x": [[1.0]]})
            except ValueError:
                pass

        self.flat(work, 2_000, 20_000 * TIMES, 4 * MIB)

    def test_coroutines(self):
        serve(self.noodle, "linear")
        noodle = noodle_deploy.AsyncNoodle(self.noodle)
        x = np.ones((1, 4), np.float32)

        async def some():
            await asyncio.gather(*(noodle.predict("linear", {"x": x}) for _ in range(100)))

        with asyncio.Runner() as runner:
            self.flat(lambda: runner.run(some()), 20, 100 * TIMES, 4 * MIB)

    def test_operations(self):
        serve(self.noodle, "linear")
        self.flat(self.noodle.list_deployments, 1_000, 5_000 * TIMES, 4 * MIB)

    def test_a_leak_is_found(self):
        kept = []
        with self.assertRaises(AssertionError):
            self.flat(lambda: kept.append(bytearray(4000)), 10, 10_000, 4 * MIB)


if __name__ == "__main__":
    unittest.main()
