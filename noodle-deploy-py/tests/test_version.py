import re
import unittest
from importlib.metadata import PackageNotFoundError, version

import noodle_deploy


class Version(unittest.TestCase):
    def test_version_is_semantic(self):
        self.assertRegex(noodle_deploy.version(), re.compile(r"^\d+\.\d+\.\d+"))

    def test_module_attribute_agrees(self):
        self.assertEqual(noodle_deploy.__version__, noodle_deploy.version())

    def test_package_agrees_where_it_is_installed(self):
        try:
            installed = version("noodle-deploy")
        except PackageNotFoundError:
            self.assertIn("noodle_deploy", noodle_deploy.__file__)
        else:
            self.assertEqual(installed, noodle_deploy.version())

    def test_every_name_exists(self):
        for name in noodle_deploy.__all__:
            self.assertIsNotNone(getattr(noodle_deploy, name), name)
        with self.assertRaisesRegex(AttributeError, "no attribute 'nothing'"):
            noodle_deploy.nothing


if __name__ == "__main__":
    unittest.main()
