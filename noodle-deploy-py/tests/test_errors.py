"""Exceptions: a class for each kind, with all that the core says."""

import builtins
import copy
import json
import pickle
import unittest

import noodle_deploy
from noodle_deploy import errors
from support import ROOT, TINY, Case

TABLE = json.loads((ROOT / "docs/reference/operations.json").read_text(encoding="utf-8"))["errors"]


class Classes(unittest.TestCase):
    def test_there_is_one_for_each_row_of_the_table(self):
        self.assertEqual(list(errors.KINDS), [row["name"] for row in TABLE])
        for row in TABLE:
            kind = errors.KINDS[row["name"]]
            found = (kind.kind, kind.code, kind.retryable, kind.__doc__)
            self.assertEqual(found, (row["name"], row["code"], row["retryable"], row["description"]))
            self.assertTrue(issubclass(kind, noodle_deploy.NoodleError))
            self.assertIs(getattr(errors, kind.__name__), kind)

    def test_some_are_pythons_own_too(self):
        for kind, base in [
            ("invalid_argument", ValueError),
            ("not_found", LookupError),
            ("forbidden", PermissionError),
            ("deadline_exceeded", TimeoutError),
            ("unsupported", NotImplementedError),
            ("resource_exhausted", MemoryError),
            ("storage", OSError),
        ]:
            self.assertTrue(issubclass(errors.KINDS[kind], base), kind)

    def test_all_can_be_copied_and_pickled(self):
        for kind in errors.KINDS.values():
            error = kind("it went wrong", "deploy", {"model": "m"})
            for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
                self.assertIs(type(twin), kind)
                self.assertEqual((twin.message, twin.operation, twin.context), ("it went wrong", "deploy", {"model": "m"}))
                self.assertEqual(str(twin), "deploy: it went wrong (model: m)")


class FromTheCore(Case):
    def test_everything_that_the_core_says(self):
        with self.fails("not_found", model="nothing") as caught:
            self.noodle.get_version(model="nothing")
        error = caught.exception
        self.assertEqual((error.code, error.kind, error.retryable), (4004, "not_found", False))
        self.assertEqual((error.message, error.operation), ("no such model", "get_version"))
        self.assertEqual(str(error), "get_version: no such model (model: nothing)")

    def test_what_lies_below_is_in_the_notes(self):
        (self.tmp / "not-a-directory").write_text("")
        with self.assertRaises(errors.StorageError) as caught:
            noodle_deploy.open(self.tmp / "not-a-directory" / "dir")
        self.assertTrue(any("caused by" in note for note in caught.exception.__notes__))
        with self.assertRaises(builtins.OSError):
            noodle_deploy.open(self.tmp / "not-a-directory" / "dir")

    def test_settings_are_judged_by_the_core(self):
        for settings, field in [
            ({"colour": "red"}, "colour"),
            ({"workers": "two"}, "workers"),
            ({"workers": -1}, "workers"),
            ({"max_replicas": 0}, "max_replicas"),
            ({"default_strategy": "sideways"}, "default_strategy"),
            ({"memory_budget_bytes": 1.5}, "memory_budget_bytes"),
        ]:
            with self.subTest(settings), self.fails("invalid_argument", field=field):
                noodle_deploy.open(self.tmp / "other", **settings)
        self.assertFalse((self.tmp / "other").exists())

    def test_partial_settings(self):
        with noodle_deploy.open(self.tmp / "other", workers=3, actor="ci") as noodle:
            self.assertEqual((noodle.settings["workers"], noodle.settings["actor"]), (3, "ci"))
            self.assertEqual(noodle.settings["max_queue"], self.noodle.settings["max_queue"])

    def test_values_that_are_not_of_json(self):
        loop = []
        loop.append(loop)
        for value in (object(), float("nan"), 2**64, {1: 2}, b"bytes", loop, "\ud800"):
            with self.fails("invalid_argument"):
                self.noodle.call("get_version", {"model": value})

    def test_values_of_other_libraries(self):
        from types import MappingProxyType

        import numpy as np

        version = self.noodle.register_version(
            model="m",
            path=TINY / "linear.onnx",
            labels=("a", "b"),
            tags=MappingProxyType({"k": "v"}),
            metrics={"f32": np.float32(0.5), "f64": np.float64(0.25), "i64": np.int64(7), "one": np.array(1.5)},
        )
        self.assertEqual(version.metrics, {"f32": 0.5, "f64": 0.25, "i64": 7.0, "one": 1.5})
        self.assertEqual((version.labels, version.tags), (["a", "b"], {"k": "v"}))

    def test_unknown_names(self):
        with self.fails("not_found", operation="fly"):
            self.noodle.call("fly", {})
        with self.fails("invalid_argument", field="role"):
            self.noodle.acting_as("x", role="king").list_models()
        with self.assertRaises(TypeError):
            self.noodle.deploy()

    def test_options_of_a_prediction(self):
        for timeout in (-1.0, float("nan"), float("inf")):
            with self.fails("invalid_argument", field="timeout"):
                self.noodle.predict("x", {}, timeout=timeout)


if __name__ == "__main__":
    unittest.main()
