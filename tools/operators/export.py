"""Writes the node tests of the onnx package as files for tests/operators.rs.

Each case becomes NAME.onnx and NAME.json, a probe file with the inputs and the outputs that the standard's reference
gives. Cases with values that are no tensors, or with element types that no engine here takes, are left out and counted.
"""

import argparse
import json
import math
import pathlib

import numpy
from onnx.backend.test.case.node import collect_testcases

DTYPES = {
    "float16": "f16", "float32": "f32", "float64": "f64",
    "int8": "i8", "int16": "i16", "int32": "i32", "int64": "i64",
    "uint8": "u8", "uint16": "u16", "uint32": "u32", "uint64": "u64",
    "bool": "bool",
}  # fmt: skip


def element(value):
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    return value


def tensor(value):
    """A tensor as a probe file has it; None where it is none."""
    if not isinstance(value, (numpy.ndarray, numpy.generic)):
        return None
    array = numpy.asarray(value)
    if array.dtype.kind in "OUS":
        data = [v.decode() if isinstance(v, bytes) else str(v) for v in array.ravel().tolist()]
        return {"dtype": "string", "shape": list(array.shape), "data": data}
    dtype = DTYPES.get(array.dtype.name)
    if dtype is None:
        return None
    return {"dtype": dtype, "shape": list(array.shape), "data": [element(v) for v in array.ravel().tolist()]}


def probes(case):
    found = []
    for inputs, outputs in case.data_sets:
        given = {i.name: tensor(v) for i, v in zip(case.model.graph.input, inputs)}
        expected = {o.name: tensor(v) for o, v in zip(case.model.graph.output, outputs)}
        if None in [*given.values(), *expected.values()] or len(given) != len(case.model.graph.input):
            return None
        found.append({"inputs": given, "outputs": expected})
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dest", type=pathlib.Path, required=True)
    dest = parser.parse_args().dest
    dest.mkdir(parents=True, exist_ok=True)
    written = left = 0
    for case in collect_testcases():
        found = probes(case)
        if not found:
            left += 1
            continue
        (dest / f"{case.name}.onnx").write_bytes(case.model.SerializeToString())
        tolerance = {"rtol": float(case.rtol), "atol": float(case.atol)}
        text = json.dumps({"probes": found, "tolerance": tolerance}, allow_nan=False)
        (dest / f"{case.name}.json").write_text(text)
        written += 1
    print(f"{written} cases written, {left} left out")


if __name__ == "__main__":
    main()
