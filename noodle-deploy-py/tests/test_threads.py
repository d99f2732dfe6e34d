"""Many threads, one handle."""

import sys
import sysconfig
import threading
import unittest

import numpy as np

import noodle_deploy
from support import Case, register, sample, serve


class Threads(Case):
    def together(self, works):
        failures = []

        def guard(work):
            try:
                work()
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=guard, args=(work,)) for work in works]
        [thread.start() for thread in threads]
        [thread.join(60) for thread in threads]
        self.assertEqual(failures, [])
        self.assertFalse(any(thread.is_alive() for thread in threads))

    def test_answers_are_not_mixed(self):
        serve(self.noodle, "linear")
        expected = self.noodle.predict("linear", {"x": np.ones((1, 4), np.float32)})["y"].copy()

        def work(n):
            x = np.full((3, 4), n, np.float32)
            for _ in range(500):
                found = self.noodle.predict("linear", {"x": x})["y"]
                np.testing.assert_array_equal(found, np.repeat(expected * n, 3, axis=0))

        self.together([lambda n=n: work(n) for n in range(8)])

    def test_versions_are_not_mixed_while_they_change(self):
        for version in ("1.0.0", "2.0.0"):
            register(self.noodle, version)
        x = {"bytes": sample(b"fn main() { let x: Vec<u8> = vec![]; }")}
        expected = {}
        for version in ("1.0.0", "2.0.0"):
            self.noodle.deploy(deployment="langid", version=version)
            expected[version] = self.noodle.predict("langid", x)["probabilities"].copy()
        done = threading.Event()

        def ask():
            while not done.is_set():
                answer = self.noodle.predict("langid", x)
                np.testing.assert_allclose(answer["probabilities"], expected[answer.version], atol=1e-6)

        def swap():
            try:
                for version in ["1.0.0", "2.0.0"] * 8:
                    self.noodle.deploy(deployment="langid", version=version)
            finally:
                done.set()

        self.together([ask, ask, swap])

    def test_other_threads_go_on_while_a_model_runs(self):
        register(self.noodle, "2.0.0")
        self.noodle.deploy(deployment="langid", version="2.0.0")
        x, turns, done = {"bytes": sample(rows=64)}, [0], threading.Event()

        def count():
            while not done.is_set():
                turns[0] += 1

        counter = threading.Thread(target=count)
        counter.start()
        before = turns[0]
        self.noodle.predict("langid", x)
        during = turns[0] - before
        done.set()
        counter.join()
        self.assertGreater(during, 1000)

    def test_opens_at_once_share_one_handle(self):
        opened = []
        self.together([lambda: opened.append(noodle_deploy.open(self.tmp / "other")) for _ in range(8)])
        serve(opened[0], "linear")
        for noodle in opened:
            self.assertEqual(len(noodle.list_models().models), 1)
            noodle.close()


@unittest.skipUnless(sysconfig.get_config_var("Py_GIL_DISABLED"), "only on an interpreter without the GIL")
class WithoutGil(unittest.TestCase):
    def test_the_library_does_not_bring_it_back(self):
        self.assertFalse(sys._is_gil_enabled())


if __name__ == "__main__":
    unittest.main()
