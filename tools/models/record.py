#!/usr/bin/env python3
"""Record what ONNX Runtime answers for the fetched models.

    record.py --models DIR              every model; DIR is what fetch.py filled
    record.py --models DIR magika ...   only these

Writes recorded/<model>.json: for each case the recipe of every input and a
sample of every output. Run it with the packages that requirements.txt pins.
The recipes and the layout of the files are described in README.md.
"""

import argparse
import json
import math
import os
import pathlib
import sys
import tomllib
import zlib

import numpy as np
import onnxruntime

import splitmix
from fetch import sha256_of
from splitmix import draws

HERE = pathlib.Path(__file__).resolve().parent
SAMPLES = 512
PICKED_MIDDLE, PICKED_LARGEST = 128, 32
DTYPES = {"tensor(float)": "float32", "tensor(int32)": "int32", "tensor(int64)": "int64"}


# The inputs.


def filled(dtype, shape, fill):
    """The input that a recipe stands for."""
    kind, count = fill["kind"], math.prod(shape)
    if kind == "constant":
        return np.full(shape, fill["value"], dtype=dtype)
    if kind == "uniform":
        return splitmix.uniform(fill["seed"], shape, fill["lo"], fill["hi"]).astype(dtype)
    if kind == "integers":
        lo, hi = fill["lo"], fill["hi"]
        values = (draws(fill["seed"], count) % np.uint64(hi - lo)).astype(np.int64) + lo
        return values.reshape(shape).astype(dtype)
    if kind == "page":
        batch, _, height, width = shape
        cell, band = fill["cell"], fill["band"]
        rows, columns = -(-height // cell), -(-width // cell)
        bits = (draws(fill["seed"], batch * rows * columns) >> np.uint64(63)).astype(bool)
        bits = bits.reshape(batch, rows, columns)
        bits = bits[:, np.arange(height) // cell][:, :, np.arange(width) // cell]
        inked = bits & ((np.arange(height) // band) % 2 == 1)[None, :, None]
        pixels = np.where(inked, fill["ink"], fill["paper"]).astype(dtype)
        return np.broadcast_to(pixels[:, None], shape).copy()
    raise ValueError(kind)


# The cases.


def constant(value):
    return {"kind": "constant", "value": value}


def uniform(lo, hi):
    return {"kind": "uniform", "lo": lo, "hi": hi}


def integers(lo, hi):
    return {"kind": "integers", "lo": lo, "hi": hi}


def page(cell, band):
    return {"kind": "page", "paper": 1.0, "ink": -1.0, "cell": cell, "band": band}


def magika():
    """Bytes of a file's head and tail; 256 stands for padding."""
    for batch in (1, 8):
        yield f"bytes-b{batch}", {"bytes": ([batch, 2048], integers(0, 257))}
        yield f"text-b{batch}", {"bytes": ([batch, 2048], integers(32, 127))}


def images(sizes, fills):
    for name, fill in fills.items():
        for height, width in sizes:
            for batch in (1, 8):
                shape = [batch, 3, height, width]
                yield f"{name}-{height}x{width}-b{batch}", {"x": (shape, fill)}


def silero(name):
    """A frame of 64 + 512 samples at 16 kHz, or 32 + 256 at 8 kHz."""
    audio, zeros, warm = uniform(-0.5, 0.5), constant(0.0), uniform(-1.0, 1.0)
    if name == "silero-vad-16k-sequence":
        for frames in (1, 8):
            for state, fill in (("fresh", zeros), ("warm", warm)):
                yield f"{state}-f{frames}", {
                    "input": ([frames, 576], audio),
                    "h": ([1, 1, 128], fill),
                    "c": ([1, 1, 128], fill),
                }
        return
    both = name in ("silero-vad", "silero-vad-op18-ifless")
    has_rate = both or name == "silero-vad-16k-op15"
    for rate, width in ((16000, 576), (8000, 288)) if both else ((16000, 576),):
        for batch in (1,) if name == "silero-vad-openvino-16k" else (1, 8):
            for state, fill in (("fresh", zeros), ("warm", warm)):
                inputs = {
                    "input": ([batch, width], audio),
                    "state": ([2, batch, 128], fill),
                }
                if has_rate:
                    inputs["sr"] = ([], constant(rate))
                yield f"{state}-{rate}-b{batch}", inputs


def minilm():
    for batch, length in ((1, 16), (1, 128), (8, 16), (8, 128)):
        shape = [batch, length]
        yield f"full-b{batch}-s{length}", {
            "input_ids": (shape, integers(0, 30522)),
            "attention_mask": (shape, constant(1)),
            "token_type_ids": (shape, constant(0)),
        }
    yield "masked-b8-s24", {
        "input_ids": ([8, 24], integers(0, 30522)),
        "attention_mask": ([8, 24], integers(0, 2)),
        "token_type_ids": ([8, 24], integers(0, 2)),
    }


def bert():
    for batch in (1, 8):
        shape = [batch, 128]
        yield f"full-b{batch}-s128", {
            "input_ids": (shape, integers(0, 30522)),
            "attention_mask": (shape, constant(1)),
            "token_type_ids": (shape, constant(0)),
        }


def cases_of(model):
    noise = uniform(-1.0, 1.0)
    if model == "magika":
        return magika()
    if model == "ppocr-det":
        # Not noise: there the detector finds nothing, and answers almost zero.
        return images([(160, 224), (256, 320)], {"page": page(4, 24)})
    if model == "ppocr-rec":
        return images([(48, 160), (48, 320)], {"page": page(4, 12), "noise": noise})
    if model == "ppocr-cls":
        return images([(48, 192), (48, 320)], {"page": page(4, 12), "noise": noise})
    if model == "minilm":
        return minilm()
    if model == "bert-base":
        return bert()
    if model in ("resnet50", "mobilenetv2"):
        return images([(224, 224)], {"noise": noise})
    if model.startswith("silero-vad"):
        return silero(model)
    return None


# The recording.


def exact(value):
    """The shortest decimal that reads back as this float32, whatever the path."""
    short = float(str(np.float32(value)))
    assert np.float32(short) == np.float32(value)
    return short


def summary(name, values, plain):
    assert values.dtype == np.float32 and np.isfinite(values).all()
    flat = values.reshape(-1)
    stride = max(1, -(-flat.size // SAMPLES))
    while math.gcd(stride, flat.size) != 1:
        stride += 1
    size = np.abs(flat)
    largest = np.argsort(-size, kind="stable")[:PICKED_LARGEST]
    middle = np.flatnonzero((size > 0.01 * size.max()) & (size < 0.99 * size.max()))
    middle = middle[:: max(1, -(-middle.size // PICKED_MIDDLE))]
    picked = np.union1d(largest, middle)
    return {
        "name": name,
        "dtype": "float32",
        "shape": list(values.shape),
        "offset": 0,
        "stride": stride,
        "values": [exact(v) for v in flat[::stride]],
        "picked": {
            "indices": [int(i) for i in picked],
            "values": [exact(v) for v in flat[picked]],
        },
        "mean": float(np.mean(flat, dtype=np.float64)),
        "max_abs": exact(size.max()),
        "noise": float(np.abs(values.astype(np.float64) - plain).max()),
    }


def session(path, level):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.graph_optimization_level = level
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def record(model, path, digest):
    levels = onnxruntime.GraphOptimizationLevel
    usual, plain = session(path, levels.ORT_ENABLE_ALL), session(path, levels.ORT_DISABLE_ALL)
    dtypes = {i.name: DTYPES[i.type] for i in usual.get_inputs()}
    names = [o.name for o in usual.get_outputs()]
    cases = []
    for case, inputs in cases_of(model):
        assert list(dtypes) == [n for n in dtypes if n in inputs] and len(dtypes) == len(inputs)
        specs, feed = [], {}
        for name in dtypes:
            shape, fill = inputs[name]
            fill = dict(fill)
            if fill["kind"] != "constant":
                # Of the names alone, so that no case moves another's inputs.
                fill["seed"] = zlib.crc32(f"{model}/{case}/{name}".encode())
            feed[name] = filled(dtypes[name], shape, fill)
            head = [exact(v) if dtypes[name] == "float32" else int(v)
                    for v in feed[name].reshape(-1)[:4]]
            specs.append({"name": name, "dtype": dtypes[name], "shape": shape,
                          "fill": fill, "head": head})
        outputs = [summary(name, values, again) for name, values, again in
                   zip(names, usual.run(names, feed), plain.run(names, feed))]
        cases.append({"name": case, "inputs": specs, "outputs": outputs})
        for output in outputs:
            print(f"{model} {case} {output['name']} {output['shape']}: mean {output['mean']:.3g}, "
                  f"max_abs {output['max_abs']:.3g}, noise {output['noise']:.1e}", flush=True)
    return {
        "model": model,
        "file": path.name,
        "sha256": digest,
        "runtime": f"onnxruntime {onnxruntime.__version__}",
        "generator": "splitmix64",
        "cases": cases,
    }


def pretty(value, indent=0):
    """JSON with short things on one line and long rows of numbers wrapped."""
    line = json.dumps(value)
    if len(line) + indent <= 100 or not isinstance(value, (dict, list)):
        return line
    pad, inner = " " * indent, " " * (indent + 1)
    if isinstance(value, dict):
        parts = [f"{inner}{json.dumps(k)}: {pretty(v, indent + 1)}" for k, v in value.items()]
        return "{\n" + ",\n".join(parts) + "\n" + pad + "}"
    if not isinstance(value[0], (dict, list)):
        rows = [inner + ", ".join(map(json.dumps, value[i:i + 8])) for i in range(0, len(value), 8)]
        return "[\n" + ",\n".join(rows) + "\n" + pad + "]"
    return "[\n" + ",\n".join(inner + pretty(v, indent + 1) for v in value) + "\n" + pad + "]"


def main():
    parser = argparse.ArgumentParser(description="Record ONNX Runtime's answers.")
    parser.add_argument("--models", required=True, type=pathlib.Path, help="what fetch.py filled")
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "recorded")
    parser.add_argument("only", nargs="*", help="models to record (default: all)")
    args = parser.parse_args()
    with open(HERE / "models.toml", "rb") as file:
        pins = tomllib.load(file)
    entries = [entry for package in pins["package"] for entry in package["files"]] + pins["built"]
    known = {e["name"].removesuffix(".onnx"): e for e in entries if e["name"].endswith(".onnx")}
    unknown = set(args.only) - set(known)
    if unknown:
        sys.exit(f"record.py: no such model: {', '.join(sorted(unknown))}")
    args.out.mkdir(parents=True, exist_ok=True)
    for model, entry in known.items():
        if args.only and model not in args.only:
            continue
        path = args.models / entry["name"]
        if not path.is_file():
            print(f"{model}: {entry['name']} is not there; not recorded", file=sys.stderr)
            continue
        digest = sha256_of(path)
        if digest != entry["sha256"]:
            sys.exit(f"record.py: {path.name} has sha256 {digest}; pinned is {entry['sha256']}")
        target = args.out / f"{model}.json"
        partial = target.with_suffix(".partial")
        partial.write_text(pretty(record(model, path, digest)) + "\n", encoding="utf-8")
        os.replace(partial, target)


if __name__ == "__main__":
    main()
