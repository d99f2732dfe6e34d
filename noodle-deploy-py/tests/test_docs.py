"""The pages say what the code does."""

import ast
import re
import unittest

import noodle_deploy
from noodle_deploy.client import Operations
from support import ROOT

README = (ROOT / "noodle-deploy-py/README.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs/guide/python.md").read_text(encoding="utf-8")


class Pages(unittest.TestCase):
    def test_the_readme_shows_the_example(self):
        example = (ROOT / "examples/python/embed.py").read_text(encoding="utf-8")
        shown = example.partition("# README begins\n")[2].partition("# README ends\n")[0].strip()
        self.assertEqual(re.search(r"```python\n(.*?)\n```", README, re.DOTALL)[1], shown)

    def test_code_of_the_guide_is_python_and_calls_what_exists(self):
        blocks = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
        self.assertGreaterEqual(len(blocks), 2)
        for block in blocks:
            tree = compile(block, "guide", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            for node in ast.walk(tree):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                    owner = {"noodle": noodle_deploy.Noodle, "noodle_deploy": noodle_deploy}.get(node.value.id)
                    if owner is not None:
                        self.assertTrue(hasattr(owner, node.attr), f"{node.value.id}.{node.attr}")

    def test_paths_of_the_readme_exist(self):
        for path in re.findall(r"^\| `(\S+?)`", README, re.MULTILINE):
            self.assertTrue((ROOT / "noodle-deploy-py" / path).exists(), path)

    def test_methods_are_documented(self):
        for name, method in vars(Operations).items():
            if not name.startswith("_"):
                self.assertIn("Needs the role", method.__doc__, name)


if __name__ == "__main__":
    unittest.main()
