"""Every case of `conformance/cases`, through the typed methods."""

import dataclasses
import inspect
import json
import math
import os
import re
import tempfile
import unittest
from pathlib import Path

import noodle_deploy
from noodle_deploy import _native
from noodle_deploy.handle import Noodle
from support import ROOT

CONFORMANCE = ROOT / "conformance"
CASES = sorted((CONFORMANCE / "cases").glob("*.json"))


def replace(value, pairs):
    if isinstance(value, str):
        for old, new in pairs:
            value = value.replace(old, new)
        return value
    if isinstance(value, list):
        return [replace(item, pairs) for item in value]
    if isinstance(value, Record):
        for key, item in value.items():
            value[key] = replace(item, pairs)
        return value
    if isinstance(value, dict):
        return {key: replace(item, pairs) for key, item in value.items()}
    return value


def is_hash(text):
    return isinstance(text, str) and re.fullmatch("[0-9a-f]{64}", text) is not None


def difference(expected, found, tolerance, at):
    """Where and how the two differ; None where they agree."""
    differ = f"{at}: expected {json.dumps(expected)}, found {json.dumps(found)}"
    if expected == "$any":
        return None
    if expected == "$digest":
        return None if isinstance(found, str) and found[:7] == "blake3:" and is_hash(found[7:]) else differ
    if expected == "$hash":
        return None if is_hash(found) else differ
    if isinstance(expected, dict) and isinstance(found, dict):
        subset = expected.get("$subset") is True
        names = [name for name in expected if name != "$subset"]
        for name in names:
            if name not in found:
                return f"{at}/{name}: expected {json.dumps(expected[name])}, found nothing"
            inner = difference(expected[name], found[name], tolerance, f"{at}/{name}")
            if inner:
                return inner
        # What the wire leaves out has its default in a data class.
        default = getattr(found, "default", {})
        known = [name for name in found if name in names or (name in default and found[name] == default[name])]
        surplus = [name for name in found if name not in known and not subset]
        return f"{at}/{surplus[0]}: expected nothing, found {json.dumps(found[surplus[0]])}" if surplus else None
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        inner = (difference(e, f, tolerance, f"{at}/{i}") for i, (e, f) in enumerate(zip(expected, found)))
        return next(filter(None, inner), None)
    if isinstance(expected, dict) and "$contains" in expected:
        return None if isinstance(found, str) and expected["$contains"] in found else differ
    if is_number(expected) and is_number(found):
        return None if expected == found or abs(expected - found) <= tolerance else differ
    return None if type(expected) is type(found) and expected == found else differ


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


class Record(dict):
    """The fields of a data class, and the defaults of those that have one."""

    default: dict


def plain(value):
    """Data classes as objects: what is absent is left out."""
    if dataclasses.is_dataclass(value):
        record = Record()
        record.default = {}
        for field in dataclasses.fields(value):
            name, found = field.name.removesuffix("_"), getattr(value, field.name)
            if found is not None:
                record[name] = plain(found)
            if field.default is not dataclasses.MISSING and name != "type":
                record.default[name] = field.default
            elif field.default_factory is not dataclasses.MISSING:
                record.default[name] = field.default_factory()
        return record
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


NUMPY = {"f16": "float16", "f32": "float32", "f64": "float64", "bool": "bool", "string": "object"} | {
    f"{kind}{bits}": f"{word}{bits}" for kind, word in (("i", "int"), ("u", "uint")) for bits in (8, 16, 32, 64)
}
DTYPES = {name: dtype for dtype, name in NUMPY.items()}


def tensor(data):
    """An array, where NumPy can hold what the case says; else the tensor as JSON has it."""
    import numpy as np

    dtype, shape, elements = data["dtype"], data["shape"], data["data"]
    if dtype.startswith("f"):
        elements = [float(e) if e in ("nan", "inf", "-inf") else e for e in elements]
    if dtype in ("i64", "u64"):
        elements = [int(e) if isinstance(e, str) and re.fullmatch("-?[0-9]+", e) else e for e in elements]
    if dtype not in NUMPY or math.prod(shape) != len(elements):
        return data
    try:
        array = np.array(elements, dtype=NUMPY[dtype]).reshape(shape)
    except (OverflowError, TypeError, ValueError):
        return data
    # NumPy turns what does not fit into something else.
    exact = dtype.startswith("f") or all(a is b or (type(a) is type(b) and a == b) for a, b in zip(array.ravel().tolist(), elements))
    return array if exact else data


def scalar(value):
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    return value


def shown_tensor(array):
    import numpy as np

    dtype = DTYPES[str(array.dtype)]
    flat = array.ravel().tolist()
    if dtype in ("f16", "f32"):
        # The shortest decimal that means the same single, as the cases have it.
        flat = [float(str(np.float32(value))) for value in flat]
    return {"dtype": dtype, "shape": list(array.shape), "data": [scalar(value) for value in flat]}


class Runner:
    def __init__(self, case, tmp):
        self.case, self.tmp = case, tmp
        self.world = _native.World(case["seed"], case["clock"])
        self.noodle = None
        self.raw_calls = 0
        self.reports = []
        self.heard = {}
        self.sessions = {}
        self.paths = [
            ("$DIR", f"{tmp}/dir"),
            ("$TMP", tmp),
            ("$EXAMPLES", str(ROOT / "examples/models")),
            ("$MODELS", str(CONFORMANCE / "models")),
        ]
        self.names = [(path, name) for name, path in self.paths]
        for name, content in case.get("files", {}).items():
            text = content if isinstance(content, str) else json.dumps(content, separators=(",", ":"), ensure_ascii=False)
            Path(tmp, name).write_text(text, encoding="utf-8")
        self.open({"settings": case.get("settings")})

    def open(self, reopen):
        if self.noodle is not None:
            self.noodle.close()
        directory = replace(reopen.get("directory", "$DIR"), self.paths)
        self.noodle = Noodle(directory, reopen.get("settings") or {}, self.world)

    def step(self, step):
        self.world.advance(step.get("advance_ms", 0))
        self.heard = {"progress": self.reports.append} if "progress" in step else {}
        try:
            return {"output": replace(self.act(step), self.names)}
        except noodle_deploy.NoodleError as error:
            record = {
                "code": error.code,
                "kind": error.kind,
                "message": error.message,
                "context": error.context,
                "retryable": error.retryable,
            }
            if error.operation is not None:
                record["operation"] = error.operation
            return {"error": replace(record, self.names)}

    def act(self, step):
        if "op" in step:
            return self.operation(step["op"], replace(step["input"], self.paths), step)
        if "predict" in step:
            return self.predict(step["predict"])
        if "session" in step:
            session = step["session"]
            options = {"version": session["version"]} if "version" in session else {}
            opened = self.noodle.session(session["deployment"], **options)
            self.sessions[session["name"]] = opened
            return who(opened.served)
        if "reset_session" in step:
            self.sessions[step["reset_session"]].reset()
        elif "end_session" in step:
            self.sessions.pop(step["end_session"]).close()
        elif "reopen" in step:
            self.open(step["reopen"])
        else:
            path = replace(step["write"]["path"], self.paths)
            Path(path).write_text(step["write"]["text"], encoding="utf-8")
        return {}

    def operation(self, name, input, step):
        caller = self.noodle
        if "actor" in step or "role" in step:
            actor = step.get("actor", self.noodle.settings["actor"])
            caller = self.noodle.acting_as(actor, role=step.get("role", "admin"))
        method = getattr(caller, name, None)
        if method is not None and isinstance(input, dict):
            try:
                inspect.signature(method).bind(**input)
            except TypeError:
                # A field that the method does not have, or one that is missing.
                method = None
            if method is not None and None not in input.values():
                return plain(method(**input, **self.heard))
        self.raw_calls += 1
        return caller.call(name, input, **self.heard)

    def predict(self, predict):
        options = {}
        if "version" in predict:
            options["version"] = predict["version"]
        if "timeout_ms" in predict:
            options["timeout"] = predict["timeout_ms"] / 1000
        if "priority" in predict:
            options["priority"] = predict["priority"]
        options |= {name: predict[name] for name in ("key", "attributes", "request_id") if name in predict}
        inputs = {name: tensor(data) for name, data in predict["inputs"].items()}
        asked, given = self.noodle, [predict.get("deployment")]
        if "session" in predict:
            asked, given = self.sessions[predict["session"]], []
        if predict.get("stream"):
            with asked.predict_stream(*given, inputs, **options) as answers:
                return {"answers": [shown(answer) for answer in answers]}
        return shown(asked.predict(*given, inputs, **options))


def who(served):
    return {
        "deployment": served.deployment,
        "revision": served.revision,
        "model": served.model,
        "version": served.version,
    }


def shown(answer):
    shown = {**who(answer.served), "outputs": {name: shown_tensor(array) for name, array in answer.outputs.items()}}
    try:
        shown["labels"] = [row[0][0] for row in answer.top(1)]
    except noodle_deploy.errors.InvalidArgumentError:
        pass  # A version without labels.
    return shown


class Conformance(unittest.TestCase):
    maxDiff = None

    def test_every_case(self):
        self.assertGreaterEqual(len(CASES), 40)
        steps = raw = 0
        for path in CASES:
            case = json.loads(path.read_text(encoding="utf-8"))
            with self.subTest(case["name"]), tempfile.TemporaryDirectory() as tmp:
                runner = Runner(case, os.path.realpath(tmp))
                try:
                    for index, step in enumerate(case["steps"]):
                        found = runner.step(step)
                        if "progress" in step:
                            found["progress"] = [plain(report) for report in runner.reports]
                            runner.reports.clear()
                        expected = {key: step[key] for key in ("output", "error", "progress") if key in step}
                        differs = difference(expected, found, step.get("tolerance", 0.0), f"step {index}")
                        self.assertIsNone(differs, differs)
                finally:
                    runner.noodle.close()
                steps, raw = steps + len(case["steps"]), raw + runner.raw_calls
        print(f"{len(CASES)} cases, {steps} steps, {raw} of them by name for want of a method that takes the input")

    def test_a_difference_is_found(self):
        for expected, found in [
            ({"a": 1}, {"a": 2}),
            ({"a": 1}, {"a": 1, "b": 2}),
            ({"a": 1, "b": 2}, {"a": 1}),
            ([1], [1, 2]),
            ({"$contains": "x"}, "abc"),
            ("$digest", "blake3:00"),
            (True, 1),
        ]:
            self.assertIsNotNone(difference(expected, found, 0.0, ""), (expected, found))
        self.assertIsNone(difference({"$subset": True, "a": 1}, {"a": 1.0, "b": 2}, 0.0, ""))


if __name__ == "__main__":
    unittest.main()
