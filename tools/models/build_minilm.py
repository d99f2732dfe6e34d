#!/usr/bin/env python3
"""Build the MiniLM ONNX graph around the published weights.

The graph is a BERT encoder (6 layers, 12 heads, width 384) in opset 14:

    input_ids, attention_mask, token_type_ids : int64 [batch, sequence]
    last_hidden_state                         : float32 [batch, sequence, 384]

It is written the way exporters write one: layer norm and GELU in their
primitive operators, linear layers as MatMul + Add with the weight stored as
[in, out]. The pooler is left out; a sentence embedding is the masked mean of
`last_hidden_state`.

    build_minilm.py --weights minilm.safetensors --out minilm.onnx
    build_minilm.py --weights ... --out ... --check minilm-vocab.txt

The bytes depend on nothing but the weights and the versions that
requirements.txt pins. `--check` builds nothing: it runs the file at `--out`
with ONNX Runtime, compares it with a forward pass written in NumPy, and ranks
sentence pairs.
"""

import argparse
import math
import os
import re
import sys

import numpy as np
from safetensors.numpy import load_file

LAYERS, HEADS, WIDTH, POSITIONS = 6, 12, 384, 512
EPSILON = 1e-12
MASKED = -10000.0


def build(weights, layers=LAYERS, width=WIDTH, title="minilm"):
    """The encoder as an ONNX file; build_graphs.py makes a larger one of it."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    head = width // HEADS
    nodes, initializers = [], []

    def constant(name, array):
        initializers.append(numpy_helper.from_array(np.asarray(array, order="C"), name))
        return name

    def op(kind, inputs, name, **attributes):
        output = name + "/out"
        nodes.append(helper.make_node(kind, inputs, [output], name=name, **attributes))
        return output

    for name, value in (
        ("one", 1.0), ("half", 0.5), ("two", 2.0), ("epsilon", EPSILON),
        ("sqrt_two", math.sqrt(2.0)), ("masked", MASKED),
        ("head_scale", math.sqrt(head)),
    ):
        constant(name, np.array(value, dtype=np.float32))
    constant("axis_0", np.array([0], dtype=np.int64))
    constant("axis_1", np.array([1], dtype=np.int64))
    constant("axes_1_2", np.array([1, 2], dtype=np.int64))
    constant("index_1", np.array(1, dtype=np.int64))
    constant("split_heads", np.array([0, 0, HEADS, head], dtype=np.int64))
    constant("join_heads", np.array([0, 0, width], dtype=np.int64))

    def linear(x, key, name):
        weight = constant(key + ".weight", weights[key + ".weight"].T)
        bias = constant(key + ".bias", weights[key + ".bias"])
        return op("Add", [op("MatMul", [x, weight], name + "/matmul"), bias], name + "/bias")

    def layer_norm(x, key, name):
        weight = constant(key + ".weight", weights[key + ".weight"])
        bias = constant(key + ".bias", weights[key + ".bias"])
        mean = op("ReduceMean", [x], name + "/mean", axes=[-1], keepdims=1)
        centred = op("Sub", [x, mean], name + "/centre")
        square = op("Pow", [centred, "two"], name + "/square")
        variance = op("ReduceMean", [square], name + "/variance", axes=[-1], keepdims=1)
        deviation = op("Sqrt", [op("Add", [variance, "epsilon"], name + "/epsilon")], name + "/sqrt")
        scaled = op("Mul", [op("Div", [centred, deviation], name + "/div"), weight], name + "/scale")
        return op("Add", [scaled, bias], name + "/shift")

    def gelu(x, name):
        erf = op("Erf", [op("Div", [x, "sqrt_two"], name + "/div")], name + "/erf")
        gate = op("Add", [erf, "one"], name + "/add")
        return op("Mul", [op("Mul", [x, gate], name + "/gate"), "half"], name + "/half")

    # Embeddings. The positions are the first `sequence` entries of a table.
    words = constant("embeddings.word", weights["embeddings.word_embeddings.weight"])
    types = constant("embeddings.type", weights["embeddings.token_type_embeddings.weight"])
    places = constant("embeddings.position", weights["embeddings.position_embeddings.weight"])
    position_ids = constant("embeddings.position_ids", np.arange(POSITIONS, dtype=np.int64)[None, :])
    length = op("Gather", [op("Shape", ["input_ids"], "embeddings/shape"), "index_1"],
                "embeddings/length", axis=0)
    end = op("Unsqueeze", [length, "axis_0"], "embeddings/end")
    ids = op("Slice", [position_ids, "axis_0", end, "axis_1"], "embeddings/positions")
    x = op("Add", [
        op("Gather", [words, "input_ids"], "embeddings/word", axis=0),
        op("Gather", [types, "token_type_ids"], "embeddings/type", axis=0),
    ], "embeddings/add_type")
    x = op("Add", [x, op("Gather", [places, ids], "embeddings/position", axis=0)],
           "embeddings/add_position")
    x = layer_norm(x, "embeddings.LayerNorm", "embeddings/norm")

    # What every layer adds to its scores: 0 where attended, -10000 elsewhere.
    mask = op("Unsqueeze", ["attention_mask", "axes_1_2"], "mask/unsqueeze")
    mask = op("Cast", [mask], "mask/cast", to=TensorProto.FLOAT)
    mask = op("Mul", [op("Sub", ["one", mask], "mask/invert"), "masked"], "mask/scale")

    for layer in range(layers):
        key, name = f"encoder.layer.{layer}", f"layer_{layer}"

        def heads(part, perm):
            y = linear(x, f"{key}.attention.self.{part}", f"{name}/{part}")
            y = op("Reshape", [y, "split_heads"], f"{name}/{part}/split")
            return op("Transpose", [y], f"{name}/{part}/transpose", perm=perm)

        query = heads("query", [0, 2, 1, 3])
        keys = heads("key", [0, 2, 3, 1])
        value = heads("value", [0, 2, 1, 3])
        scores = op("MatMul", [query, keys], f"{name}/scores")
        scores = op("Div", [scores, "head_scale"], f"{name}/scores/scale")
        scores = op("Add", [scores, mask], f"{name}/scores/mask")
        share = op("Softmax", [scores], f"{name}/softmax", axis=-1)
        context = op("MatMul", [share, value], f"{name}/context")
        context = op("Transpose", [context], f"{name}/context/transpose", perm=[0, 2, 1, 3])
        context = op("Reshape", [context, "join_heads"], f"{name}/context/join")
        y = linear(context, f"{key}.attention.output.dense", f"{name}/attention")
        x = layer_norm(op("Add", [y, x], f"{name}/attention/residual"),
                       f"{key}.attention.output.LayerNorm", f"{name}/attention/norm")
        y = gelu(linear(x, f"{key}.intermediate.dense", f"{name}/up"), f"{name}/gelu")
        y = linear(y, f"{key}.output.dense", f"{name}/down")
        x = layer_norm(op("Add", [y, x], f"{name}/down/residual"),
                       f"{key}.output.LayerNorm", f"{name}/norm")

    nodes.append(helper.make_node("Identity", [x], ["last_hidden_state"], name="last_hidden_state"))

    tokens = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "sequence"])
        for name in ("input_ids", "attention_mask", "token_type_ids")
    ]
    hidden = helper.make_tensor_value_info(
        "last_hidden_state", TensorProto.FLOAT, ["batch", "sequence", width])
    graph = helper.make_graph(nodes, title, tokens, [hidden], initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)])
    model.ir_version = 7
    model.producer_name = "noodle-deploy"
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString(deterministic=True)


def forward(weights, ids, mask, types):
    """The same encoder in NumPy, in float64, from the weights alone."""
    w = {k: v.astype(np.float64) for k, v in weights.items() if v.dtype == np.float32}
    erf = np.vectorize(math.erf)

    def linear(x, key):
        return x @ w[key + ".weight"].T + w[key + ".bias"]

    def norm(x, key):
        x = x - x.mean(-1, keepdims=True)
        x = x / np.sqrt((x * x).mean(-1, keepdims=True) + EPSILON)
        return x * w[key + ".weight"] + w[key + ".bias"]

    batch, sequence = ids.shape
    x = (w["embeddings.word_embeddings.weight"][ids]
         + w["embeddings.token_type_embeddings.weight"][types]
         + w["embeddings.position_embeddings.weight"][:sequence])
    x = norm(x, "embeddings.LayerNorm")
    bias = (1.0 - mask[:, None, None, :]) * MASKED
    for layer in range(LAYERS):
        key = f"encoder.layer.{layer}"
        q, k, v = (
            linear(x, f"{key}.attention.self.{part}")
            .reshape(batch, sequence, HEADS, WIDTH // HEADS).transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        scores = q @ k.transpose(0, 1, 3, 2) / math.sqrt(WIDTH // HEADS) + bias
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        scores /= scores.sum(-1, keepdims=True)
        context = (scores @ v).transpose(0, 2, 1, 3).reshape(batch, sequence, WIDTH)
        x = norm(linear(context, f"{key}.attention.output.dense") + x,
                 f"{key}.attention.output.LayerNorm")
        y = linear(x, f"{key}.intermediate.dense")
        y = 0.5 * y * (1.0 + erf(y / math.sqrt(2.0)))
        x = norm(linear(y, f"{key}.output.dense") + x, f"{key}.output.LayerNorm")
    return x


def tokenize(text, vocab):
    """Lower-case WordPiece for plain ASCII sentences."""
    ids = [vocab["[CLS]"]]
    for word in re.findall(r"[a-z0-9]+|[^\sa-z0-9]", text.lower()):
        start, pieces = 0, []
        while start < len(word):
            for end in range(len(word), start, -1):
                piece = ("##" if start else "") + word[start:end]
                if piece in vocab:
                    pieces.append(vocab[piece])
                    start = end
                    break
            else:
                pieces, start = [vocab["[UNK]"]], len(word)
        ids += pieces
    return ids + [vocab["[SEP]"]]


def check(weights, path, vocab_path):
    import onnxruntime

    with open(vocab_path, encoding="utf-8") as lines:
        vocab = {line.rstrip("\n"): i for i, line in enumerate(lines)}
    sentences = [
        "A man is eating food.",
        "A man is eating a piece of bread.",
        "The girl is carrying a baby.",
        "Two men pushed carts through the woods.",
        "How do I reset my account password?",
        "Steps to recover a forgotten login.",
    ]
    rows = [tokenize(text, vocab) for text in sentences]
    longest = max(map(len, rows))
    ids = np.array([row + [0] * (longest - len(row)) for row in rows], dtype=np.int64)
    mask = np.array([[1] * len(row) + [0] * (longest - len(row)) for row in rows], dtype=np.int64)
    types = np.zeros_like(ids)

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    hidden = session.run(["last_hidden_state"], {
        "input_ids": ids, "attention_mask": mask, "token_type_ids": types})[0]
    apart = float(np.abs(hidden - forward(weights, ids, mask, types)).max())
    print(f"graph against NumPy: max |difference| {apart:.2e}")

    pooled = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
    pooled /= np.linalg.norm(pooled, axis=1, keepdims=True)
    alike = pooled @ pooled.T
    for i, j in ((0, 1), (4, 5), (0, 2), (0, 3), (0, 4)):
        print(f"{alike[i, j]:.4f}  {sentences[i]!r} / {sentences[j]!r}")
    close, far = min(alike[0, 1], alike[4, 5]), max(alike[0, 2], alike[0, 3], alike[0, 4])
    if apart > 1e-4 or close < far + 0.2:
        sys.exit("build_minilm.py: the graph does not behave like MiniLM")


def main():
    parser = argparse.ArgumentParser(description="Build minilm.onnx from its weights.")
    parser.add_argument("--weights", required=True, help="minilm.safetensors")
    parser.add_argument("--out", required=True, help="the ONNX file to write (or to check)")
    parser.add_argument("--check", metavar="VOCAB", help="check the file at --out instead")
    args = parser.parse_args()
    weights = load_file(args.weights)
    if args.check:
        check(weights, args.out, args.check)
        return
    data = build(weights)
    partial = args.out + ".partial"
    with open(partial, "wb") as out:
        out.write(data)
    os.replace(partial, args.out)


if __name__ == "__main__":
    main()
