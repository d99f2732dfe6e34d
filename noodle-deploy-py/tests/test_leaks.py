"""Memory stays flat. `NOODLE_SOAK=1` repeats ten times as often.

Each is measured in an interpreter of its own: what others have freed there would hide what it keeps.
"""

import asyncio
import contextlib
import gc
import os
import shutil
import tempfile
import unittest
from pathlib import Path

import noodle_deploy
from support import run, serve

TIMES = 10 if os.environ.get("NOODLE_SOAK") == "1" else 1
MIB = 1 << 20


def ones():
    import numpy as np

    return np.ones((1, 4), np.float32)


@contextlib.contextmanager
def handles(tmp):
    def work():
        with noodle_deploy.open(tmp / "cycle") as noodle:
            events = noodle.events()
            serve(noodle, "linear")
            noodle.predict("linear", {"x": ones()})["y"]
            events.pull()
        shutil.rmtree(tmp / "cycle")

    yield work


@contextlib.contextmanager
def served(tmp):
    with noodle_deploy.open(tmp / "state") as noodle:
        serve(noodle, "linear")
        yield noodle


@contextlib.contextmanager
def predictions(tmp):
    x = {"x": ones()}
    with served(tmp) as noodle:
        yield lambda: noodle.predict("linear", x).outputs


@contextlib.contextmanager
def lists_and_errors(tmp):
    with served(tmp) as noodle:

        def work():
            noodle.predict("linear", {"x": [[1.0, 2.0, 3.0, 4.0]]})["y"]
            try:
                noodle.predict("linear", {"x": [[1.0]]})
            except ValueError:
                pass

        yield work


@contextlib.contextmanager
def coroutines(tmp):
    x = {"x": ones()}
    with served(tmp) as noodle, asyncio.Runner() as runner:
        asynchronous = noodle_deploy.AsyncNoodle(noodle)

        async def some():
            await asyncio.gather(*(asynchronous.predict("linear", x) for _ in range(100)))

        yield lambda: runner.run(some())


@contextlib.contextmanager
def operations(tmp):
    with served(tmp) as noodle:
        yield noodle.list_deployments


@contextlib.contextmanager
def leak(tmp):
    kept = []
    yield lambda: kept.append(bytearray(1000))


def resident():
    gc.collect()
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def measure(name, warm, times):
    """Prints by how many bytes this process grows."""
    with tempfile.TemporaryDirectory() as tmp, globals()[name](Path(tmp)) as work:
        for _ in range(int(warm)):
            work()
        before = resident()
        for _ in range(int(times)):
            work()
        print(resident() - before)


@unittest.skipUnless(os.path.exists("/proc/self/statm"), "only where /proc says how much memory a process has")
class Leaks(unittest.TestCase):
    def grown(self, name, warm, times):
        program = "import sys; sys.path.insert(0, sys.argv[1]); import test_leaks; test_leaks.measure(*sys.argv[2:])"
        done = run(program, Path(__file__).parent, name, warm, times, timeout=3600)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        print(f"{name}: {times} times, {int(done.stdout) / MIB:+.2f} MiB")
        return int(done.stdout)

    def test_handles(self):
        self.assertLess(self.grown("handles", 50, 200 * TIMES), 8 * MIB)

    def test_predictions(self):
        self.assertLess(self.grown("predictions", 10_000, 100_000 * TIMES), 4 * MIB)

    def test_predictions_of_lists_and_errors(self):
        self.assertLess(self.grown("lists_and_errors", 2_000, 20_000 * TIMES), 4 * MIB)

    def test_coroutines(self):
        self.assertLess(self.grown("coroutines", 20, 100 * TIMES), 4 * MIB)

    def test_operations(self):
        self.assertLess(self.grown("operations", 1_000, 5_000 * TIMES), 4 * MIB)

    def test_a_leak_is_found(self):
        self.assertGreater(self.grown("leak", 10, 10_000), 4 * MIB)


if __name__ == "__main__":
    unittest.main()
