"""An import costs next to nothing; what is heavy is loaded when it is used."""

import unittest

from support import run

# In an interpreter that has compiled nothing yet.
PROGRAM = """
import sys, time
begun = time.perf_counter()
import noodle_deploy
took = time.perf_counter() - begun
heavy = {"numpy", "asyncio", "dataclasses", "typing", "inspect", "logging", "concurrent.futures"}
print(took * 1000, sorted(heavy & set(sys.modules)))
"""


class Import(unittest.TestCase):
    def test_takes_ten_milliseconds_at_most(self):
        times = []
        for _ in range(7):
            took, heavy = run(PROGRAM).stdout.split(maxsplit=1)
            self.assertEqual(heavy.strip(), "[]")
            times.append(float(took))
        # The least: other programs on this machine do not count.
        self.assertLess(min(times), 10)

    def test_numpy_comes_with_the_first_prediction(self):
        program = "import sys, noodle_deploy; noodle_deploy.Noodle; noodle_deploy.errors; print('numpy' in sys.modules)"
        self.assertEqual(run(program).stdout, "False\n")


if __name__ == "__main__":
    unittest.main()
