"""Exceptions: a class for each kind, with all that the core says."""

import builtins
import copy
import json
import pickle
import unittest

import noodle_deploy
from noodle_deploy import errors
from support import ROOT, TINY, Case, serve

TABLE = json.loads((ROOT / "docs/reference/operations.json").read_text(encoding="utf-8"))["errors"]


class AsBytes:
    def __fspath__(self):
        return b"bytes"


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
        unicode, integer = "text that is Unicode", "an integer of 64 bits"
        for value, found, allowed in [
            (object(), "object", "None, a bool"),
            (float("nan"), "nan", "a finite number"),
            (2**64, str(2**64), integer),
            (-(2**63) - 1, str(-(2**63) - 1), integer),
            (10**5000, "int", integer),
            (b"bytes", "bytes", "None, a bool"),
            ("\ud800", "a string with a lone surrogate", unicode),
            ({1: 2}, "a name of type int", "names that are strings"),
            ({"\ud800": 2}, "a name with a lone surrogate", unicode),
            (AsBytes(), "a path of bytes", "a path of text"),
        ]:
            for name, input, field in [
                ("get_version", {"model": value}, "model"),
                ("register_version", {"model": "m", "path": "p", "tags": {"a/b": value}}, "tags/a~1b"),
                ("deploy", {"deployment": "m", "shapes": [{"x": [1, value]}]}, "shapes/0/x/1"),
            ]:
                with self.subTest(found, field=field), self.fails("invalid_argument", value=found, allowed=allowed) as caught:
                    self.noodle.call(name, input)
                error = caught.exception
                self.assertEqual((error.operation, error.context["field"]), (name, field))
                self.assertEqual(error.message, f"{field} is not valid")
        with self.fails("invalid_argument", field="input", value="list"):
            self.noodle.call("get_version", {"model": loop})
        with self.fails("invalid_argument", field="replicas", value=str(2**70)) as caught:
            self.noodle.scale(deployment="m", replicas=2**70)
        self.assertEqual(caught.exception.operation, "scale")

    def test_text_that_is_not_unicode(self):
        bad = "\ud800"
        for field, call in [
            ("name", lambda: self.noodle.call(bad, {})),
            ("deployment", lambda: self.noodle.predict(bad, {})),
            ("version", lambda: self.noodle.predict("m", {}, version=bad)),
            ("inputs", lambda: self.noodle.predict("m", {bad: 1})),
            ("actor", lambda: self.noodle.acting_as(bad)),
            ("role", lambda: self.noodle.acting_as("ann", role=bad)),
            ("request_id", lambda: self.noodle.acting_as("ann", request_id=bad)),
        ]:
            with self.subTest(field), self.fails("invalid_argument", field=field):
                call()

    def test_paths(self):
        (self.tmp / "file").write_text("")
        for value in ("", "a\0b", b"bytes", None, 3, AsBytes(), self.tmp / "file"):
            with self.subTest(value), self.fails("invalid_argument", field="dir"):
                noodle_deploy.open(value)
        for backup, to, field in [("", "to", "backup"), (b"backup", "to", "backup"), (self.tmp, None, "to")]:
            with self.subTest(field), self.fails("invalid_argument", field=field):
                noodle_deploy.restore(backup, to)
        for field, call in [
            ("path", lambda: self.noodle.register_version(model="m", path="a\0b")),
            ("probes_path", lambda: self.noodle.register_version(model="m", path=TINY / "linear.onnx", probes_path="\0")),
            ("to", lambda: self.noodle.backup(to="a\0b")),
            ("to", lambda: self.noodle.backup(to=self.dir / "copy")),
        ]:
            with self.subTest(field), self.fails("invalid_argument", field=field):
                call()

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
        # Said at once, not at the first call.
        with self.fails("invalid_argument", field="role", value="king", allowed="viewer, operator, deployer, admin"):
            self.noodle.acting_as("x", role="king")
        with self.assertRaises(TypeError):
            self.noodle.acting_as("x", role=None)
        with self.assertRaises(TypeError):
            self.noodle.deploy()

    def test_options_of_a_prediction(self):
        for timeout in (-1.0, float("nan"), float("inf"), "1", [1]):
            with self.fails("invalid_argument", field="timeout", value=repr(timeout), allowed="seconds from 0"):
                self.noodle.predict("x", {}, timeout=timeout)
        for priority in (-1, 2**32, 1.5, "1"):
            with self.fails("invalid_argument", field="priority", value=repr(priority), allowed="a level from 1"):
                self.noodle.predict("x", {}, priority=priority)
        with self.fails("invalid_argument", field="timeout", value="'1'"):
            self.noodle.events().pull(timeout="1")

    def test_names_of_inputs(self):
        serve(self.noodle, "linear")
        x = [[1.0] * 4]
        for inputs in ({"X": x}, {"x": x, "X": x}):
            with self.fails("invalid_argument", field="inputs", value="X", allowed="x"):
                self.noodle.predict("linear", inputs)
        with self.fails("invalid_argument", field="inputs", value="nothing", input="x"):
            self.noodle.predict("linear", {})


if __name__ == "__main__":
    unittest.main()
