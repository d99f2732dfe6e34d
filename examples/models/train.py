#!/usr/bin/env python3
"""Train the two language identifiers and export them to ONNX.

    python train.py [--work-dir DIR] [--version 1|2] [--after-first ONNX]

Reads what fetch.py collected. Writes langid-v1.onnx, langid-v2.onnx,
langid.labels.json and the two manifests langid-v?.json beside this script;
eval.py then adds the held-out figures.
"""
import os
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("JAX_PLATFORMS", "cpu")
import argparse
import collections
import functools
import hashlib
import json
import pathlib
import time

import jax
import jax.numpy as jnp
import numpy as np
import onnx
import optax
from onnx import TensorProto, helper, numpy_helper

from common import HERE, PAD, default_work_dir, load_corpus

SEED = 20240917
LENGTH = 8192        # bytes looked at, from the start of a file
ROWS = (512, 1024, 2048, 4096)   # row lengths met in training; a step uses one of them

# A stage: steps, peak learning rate, share of each row length, share of rows
# that start where the file starts. The second one looks at longer rows.
FIRST = dict(steps=6000, lr=3e-3, rows=(0.35, 0.4, 0.17, 0.08), at_start=0.6)
SECOND = dict(steps=1500, lr=1.2e-3, rows=(0.15, 0.3, 0.3, 0.25), at_start=0.8)

# convs: (kernel, stride, channels). hidden 0: pooled features go straight to the labels.
CONFIGS = {
    1: dict(semver="1.0.0", embed=8, convs=[(6, 4, 24)], hidden=0, dropout=0.0,
            batch=64, stages=[dict(FIRST, steps=4000, lr=6e-3)],
            description="Names the language of a source file from its first bytes: one small "
                        "convolution over byte embeddings. Fast, and the weaker of the two."),
    2: dict(semver="2.0.0", embed=12, convs=[(8, 4, 80), (4, 2, 112), (3, 2, 192)],
            hidden=160, dropout=0.3, batch=64, stages=[FIRST, SECOND],
            description="Names the language of a source file from its first bytes: three "
                        "convolutions over byte embeddings. The accurate one."),
}


def left_pad(kernel, stride):
    return (kernel - stride) // 2


def init(cfg, labels, key):
    keys = iter(jax.random.split(key, 16))
    he = lambda n, m: jax.random.normal(next(keys), (n, m)) * np.sqrt(2.0 / n)
    params = {"embed": jax.random.normal(next(keys), (PAD + 1, cfg["embed"])) * 0.5}
    width = cfg["embed"]
    for i, (k, _, out) in enumerate(cfg["convs"]):
        params[f"conv{i}"] = {"w": he(k * width, out), "b": jnp.zeros(out)}
        width = out
    width *= 2
    if cfg["hidden"]:
        params["hidden"] = {"w": he(width, cfg["hidden"]), "b": jnp.zeros(cfg["hidden"])}
        width = cfg["hidden"]
    params["out"] = {"w": he(width, labels) * 0.5, "b": jnp.zeros(labels)}
    return params


def forward(cfg, params, rows, key=None):
    """rows: int32 [batch, length]; padding is cleared at every level, so it never counts."""
    mask = (rows < PAD).astype(jnp.float32)[:, :, None]
    x = params["embed"][rows] * mask
    for i, (k, s, _) in enumerate(cfg["convs"]):
        n = -(-x.shape[1] // s)
        lp = left_pad(k, s)
        x = jnp.pad(x, ((0, 0), (lp, (n - 1) * s + k - lp - x.shape[1] if (n - 1) * s + k - lp > x.shape[1] else 0), (0, 0)))
        x = jnp.concatenate([x[:, j:j + (n - 1) * s + 1:s] for j in range(k)], axis=-1)
        mask = mask[:, ::s]
        x = jax.nn.relu(x @ params[f"conv{i}"]["w"] + params[f"conv{i}"]["b"]) * mask
    mean = x.sum(1) / jnp.maximum(mask.sum(1), 1.0)
    x = jnp.concatenate([mean, x.max(1)], axis=-1)
    if key is not None and cfg["dropout"]:
        keep = jax.random.bernoulli(key, 1 - cfg["dropout"], x.shape)
        x = jnp.where(keep, x / (1 - cfg["dropout"]), 0.0)
    if cfg["hidden"]:
        x = jax.nn.relu(x @ params["hidden"]["w"] + params["hidden"]["b"])
    return x @ params["out"]["w"] + params["out"]["b"]


def rows_of(blobs, length):
    rows = np.full((len(blobs), length), PAD, np.int32)
    for row, data in zip(rows, blobs):
        part = np.frombuffer(data[:length], np.uint8)
        row[:len(part)] = part
    return rows


def crop(data, rng, at_start):
    """Mostly the start of the file; otherwise from a random line on."""
    if rng.random() < at_start or len(data) < 200:
        return data
    at = data.find(b"\n", int(rng.integers(0, max(1, min(len(data) - 128, 16384)))))
    return data[at + 1:] if 0 <= at < len(data) - 64 else data


def accuracy(predict, params, files, targets):
    right = 0
    for i in range(0, len(files), 128):
        rows = rows_of([f["data"] for f in files[i:i + 128]], LENGTH)
        right += int((np.asarray(predict(params, rows)).argmax(1) == targets[i:i + 128]).sum())
    return right / max(1, len(files))


def train(version, corpus, labels, params=None, first_stage=0):
    cfg = CONFIGS[version]
    index = {l: i for i, l in enumerate(labels)}
    files = [f for f in corpus if f["split"] == "train"]
    valid = [f for f in corpus if f["split"] == "valid"]
    valid_y = np.array([index[f["label"]] for f in valid])
    by_label = []                 # per label: the files, and how often each is drawn
    for l in labels:
        mine = [f for f in files if f["label"] == l]
        count = collections.Counter(f["package"] for f in mine)
        # A package is drawn by the square root of its size, so that none dominates.
        weight = np.array([count[f["package"]] ** -0.5 for f in mine])
        by_label.append(([f["data"] for f in mine], np.cumsum(weight / weight.sum())))
    predict = jax.jit(functools.partial(forward, cfg))
    began = time.time()
    for number, stage in enumerate(cfg["stages"]):
        if number < first_stage:
            continue
        rng = np.random.default_rng(SEED + version + 100 * number)
        key, start = jax.random.split(jax.random.PRNGKey(SEED + version + 100 * number))
        if params is None:
            params = init(cfg, len(labels), start)

        def draw(label):
            blobs, edges = by_label[label]
            return blobs[min(int(np.searchsorted(edges, rng.random())), len(blobs) - 1)]

        steps = stage["steps"]
        schedule = optax.warmup_cosine_decay_schedule(0.0, stage["lr"], 200, steps, stage["lr"] * 0.01)
        optimizer = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(schedule, weight_decay=0.01))
        state = optimizer.init(params)

        @jax.jit
        def step(params, state, rows, y, key):
            def loss(p):
                logits = forward(cfg, p, rows, key)
                return optax.softmax_cross_entropy_with_integer_labels(logits, y).mean()
            value, grads = jax.value_and_grad(loss)(params)
            updates, state = optimizer.update(grads, state, params)
            return optax.apply_updates(params, updates), state, value

        mean_loss = 0.0
        for n in range(1, steps + 1):
            # Labels are drawn evenly, so that a label with many files is not favoured.
            y = rng.integers(0, len(labels), cfg["batch"])
            length = int(rng.choice(ROWS, p=stage["rows"]))
            blobs = [crop(draw(l), rng, stage["at_start"]) for l in y]
            key, sub = jax.random.split(key)
            params, state, value = step(params, state, rows_of(blobs, length), y, sub)
            mean_loss += float(value)
            if n % 250 == 0 or n == steps:
                note = ""
                if n % 1000 == 0 or n == steps:
                    note = f"  valid {accuracy(predict, params, valid, valid_y):.4f}"
                print(f"v{version} stage {number + 1} step {n:5d}  loss {mean_loss / (n % 250 or 250):.4f}{note}"
                      f"  {time.time() - began:.0f} s", flush=True)
                mean_loss = 0.0
    facts = {"seed": SEED, "stages": cfg["stages"], "batch": cfg["batch"], "optimizer": "adamw",
             "train_files": len(files), "train_packages": len({f["package"] for f in files}),
             "length": LENGTH, "row_lengths": list(ROWS),
             "valid_accuracy": round(accuracy(predict, params, valid, valid_y), 4),
             "duration_s": round(time.time() - began)}
    return jax.tree.map(np.asarray, params), facts


def load_params(path, cfg):
    """The weights of an exported model, to go on from."""
    w = {t.name: numpy_helper.to_array(t) for t in onnx.load(path).graph.initializer}
    params = {"embed": w["embedding"], "out": {"w": w["out_w"], "b": w["out_b"]}}
    for i, (k, _, out) in enumerate(cfg["convs"]):
        kernel = w[f"conv{i}_w"].transpose(2, 1, 0)
        params[f"conv{i}"] = {"w": kernel.reshape(-1, out), "b": w[f"conv{i}_b"]}
    if cfg["hidden"]:
        params["hidden"] = {"w": w["hidden_w"], "b": w["hidden_b"]}
    return jax.tree.map(jnp.asarray, params)


def export(version, params, labels, facts, path):
    cfg, nodes, weights = CONFIGS[version], [], []

    def const(name, value):
        weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(op, inputs, output, **attrs):
        nodes.append(helper.make_node(op, inputs, [output], name=output, **attrs))
        return output

    embed = params["embed"].copy()
    embed[PAD] = 0.0
    inside = node("Less", ["bytes", const("pad", np.array(PAD, np.int32))], "inside")
    mask = node("Cast", [inside], "mask_flat", to=TensorProto.FLOAT)
    mask = node("Unsqueeze", [mask, const("axis_1", np.array([1], np.int64))], "mask")
    x = node("Gather", [const("embedding", embed), "bytes"], "embedded", axis=0)
    x = node("Transpose", [x], "channels_first", perm=[0, 2, 1])
    width = cfg["embed"]
    for i, (k, s, out) in enumerate(cfg["convs"]):
        lp = left_pad(k, s)
        shape = dict(kernel_shape=[k], strides=[s], pads=[lp, k - 1 - lp])
        w = params[f"conv{i}"]["w"].reshape(k, width, out).transpose(2, 1, 0)
        x = node("Conv", [x, const(f"conv{i}_w", w), const(f"conv{i}_b", params[f"conv{i}"]["b"])],
                 f"conv{i}", **shape)
        x = node("Relu", [x], f"relu{i}")
        pick = np.zeros((1, 1, k), np.float32)
        pick[0, 0, lp] = 1.0                       # the mask at the window's own position
        mask = node("Conv", [mask, const(f"pick{i}", pick)], f"mask{i}", **shape)
        x = node("Mul", [x, mask], f"masked{i}")
        width = out
    top = node("ReduceMax", [x], "pool_max", axes=[2], keepdims=0)
    axis = const("axis_2", np.array([2], np.int64))
    total = node("ReduceSum", [x, axis], "pool_sum", keepdims=0)
    count = node("ReduceSum", [mask, axis], "mask_sum", keepdims=0)
    count = node("Max", [count, const("one", np.array([[1.0]], np.float32))], "count")
    mean = node("Div", [total, count], "pool_mean")
    x = node("Concat", [mean, top], "pooled", axis=1)
    if cfg["hidden"]:
        x = node("Gemm", [x, const("hidden_w", params["hidden"]["w"]), const("hidden_b", params["hidden"]["b"])], "hidden")
        x = node("Relu", [x], "hidden_relu")
    x = node("Gemm", [x, const("out_w", params["out"]["w"]), const("out_b", params["out"]["b"])], "logits")
    node("Softmax", [x], "probabilities", axis=1)

    graph = helper.make_graph(
        nodes, "langid",
        [helper.make_tensor_value_info("bytes", TensorProto.INT32, ["batch", "length"])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", len(labels)])],
        weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8,
                              producer_name="noodle-deploy examples/models/train.py",
                              producer_version=cfg["semver"], doc_string=cfg["description"])
    helper.set_model_props(model, {
        "name": "langid", "version": cfg["semver"], "labels": json.dumps(labels),
        "padding_value": str(PAD), **{k: json.dumps(v) for k, v in facts.items() if k != "duration_s"}})
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--work-dir", type=pathlib.Path, default=default_work_dir())
    ap.add_argument("--version", type=int, choices=[1, 2], help="train only this one")
    ap.add_argument("--out-dir", type=pathlib.Path, default=HERE)
    ap.add_argument("--after-first", type=pathlib.Path, metavar="ONNX",
                    help="skip the first stage and go on from this file's weights")
    args = ap.parse_args()
    corpus = load_corpus(args.work_dir)
    labels = sorted({f["label"] for f in corpus})
    (args.out_dir / "langid.labels.json").write_text(json.dumps(labels) + "\n")
    for version in [args.version] if args.version else [1, 2]:
        cfg = CONFIGS[version]
        if args.after_first:
            params, facts = train(version, corpus, labels, load_params(args.after_first, cfg), 1)
        else:
            params, facts = train(version, corpus, labels)
        path = args.out_dir / f"langid-v{version}.onnx"
        export(version, params, labels, facts, path)
        count = int(sum(np.size(p) for p in jax.tree.leaves(params)))
        manifest = {
            "name": "langid", "version": cfg["semver"], "description": cfg["description"],
            "file": path.name, "size": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "parameters": count,
            "inputs": [{"name": "bytes", "dtype": "i32", "shape": ["batch", "length"],
                        "note": f"byte values 0..255, {PAD} pads on the right; give the first {LENGTH} bytes of a file, or all of a shorter one"}],
            "outputs": [{"name": "probabilities", "dtype": "f32", "shape": ["batch", len(labels)]}],
            "labels": labels, "seed": SEED, "training": facts, "metrics": {}}
        (args.out_dir / f"langid-v{version}.json").write_text(json.dumps(manifest, indent=1) + "\n")
        print(f"{path.name}: {count} parameters, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
