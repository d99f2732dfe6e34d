import re
import unittest

import noodle_deploy


class Version(unittest.TestCase):
    def test_version_is_semantic(self):
        self.assertRegex(noodle_deploy.version(), re.compile(r"^\d+\.\d+\.\d+"))

    def test_module_attribute_agrees(self):
        self.assertEqual(noodle_deploy.__version__, noodle_deploy.version())


if __name__ == "__main__":
    unittest.main()
