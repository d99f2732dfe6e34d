#!/usr/bin/env python3
"""Build graphs of well-known networks at their real sizes, with drawn weights.

    build_graphs.py --model resnet50 --out resnet50.onnx

| Model         | Inputs                                                    | Weights |
| resnet50      | x float32 [batch, 3, 224, 224]                            | 102 MB  |
| mobilenetv2   | x float32 [batch, 3, 224, 224]                            | 14 MB   |
| bert-base     | input_ids, attention_mask, token_type_ids int64 [batch, sequence] | 436 MB |

What an engine takes for them depends on the shapes, not on what the weights
are. They are drawn from splitmix64, seeded by the name of the tensor, wide
enough that every layer's answers keep their size and none is all zeros. The
convolutional nets are written as exporters write them for inference: batch
norm is folded into the convolution before it.

The bytes depend on nothing but the versions that requirements.txt pins.
"""

import argparse
import math
import os
import zlib

import numpy as np

import build_minilm
import splitmix

OPSET, IR = 17, 8


def drawn(name, shape, bound):
    """Uniform in [-bound, bound)."""
    return splitmix.uniform(zlib.crc32(name.encode()), shape, -bound, bound)


class Net:
    """The nodes of a convolutional net. Tensors are named after what makes them."""

    def __init__(self):
        self.nodes, self.initializers = [], []

    def constant(self, name, array):
        from onnx import numpy_helper

        self.initializers.append(numpy_helper.from_array(array, name))
        return name

    def op(self, kind, inputs, name, **attributes):
        from onnx import helper

        self.nodes.append(helper.make_node(kind, inputs, [name + "/out"], name=name, **attributes))
        return name + "/out"

    def conv(self, x, name, c_in, c_out, kernel, stride=1, group=1, gain=2.0):
        """`gain` is 2 before a rectifier, which halves the variance (He et al. 2015)."""
        fan_in = c_in // group * kernel * kernel
        bound = math.sqrt(3.0 * gain / fan_in)
        weight = drawn(name + ".weight", [c_out, c_in // group, kernel, kernel], bound)
        bias = drawn(name + ".bias", [c_out], 0.1)
        inputs = [x, self.constant(name + ".weight", weight), self.constant(name + ".bias", bias)]
        return self.op("Conv", inputs, name, kernel_shape=[kernel, kernel], strides=[stride, stride],
                       pads=[kernel // 2] * 4, dilations=[1, 1], group=group)

    def classify(self, x, width):
        x = self.op("GlobalAveragePool", [x], "pool")
        x = self.op("Flatten", [x], "flatten", axis=1)
        weight = self.constant("classifier.weight",
                               drawn("classifier.weight", [1000, width], math.sqrt(3.0 / width)))
        bias = self.constant("classifier.bias", drawn("classifier.bias", [1000], 0.1))
        self.op("Gemm", [x, weight, bias], "logits", transB=1)
        self.nodes[-1].output[0] = "logits"

    def file(self, name):
        import onnx
        from onnx import TensorProto, helper

        image = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 3, 224, 224])
        logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 1000])
        graph = helper.make_graph(self.nodes, name, [image], [logits], self.initializers)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
        model.ir_version = IR
        model.producer_name = "noodle-deploy"
        onnx.checker.check_model(model, full_check=True)
        return model.SerializeToString(deterministic=True)


def resnet50():
    """He et al. 2015, with the stride in the 3 x 3 convolution as in later versions."""
    net = Net()

    def relu(x, name):
        return net.op("Relu", [x], name + "/relu")

    x = relu(net.conv("x", "stem", 3, 64, 7, 2), "stem")
    x = net.op("MaxPool", [x], "stem/pool", kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4)
    c_in = 64
    for stage, (width, blocks) in enumerate(((64, 3), (128, 4), (256, 6), (512, 3)), 1):
        for block in range(blocks):
            name, stride = f"stage{stage}.{block}", 2 if stage > 1 and block == 0 else 1
            y = relu(net.conv(x, name + ".conv1", c_in, width, 1), name + ".conv1")
            y = relu(net.conv(y, name + ".conv2", width, width, 3, stride), name + ".conv2")
            # Little is added in each block, or the sums would grow from block to block.
            y = net.conv(y, name + ".conv3", width, 4 * width, 1, gain=0.25)
            if block == 0:
                x = net.conv(x, name + ".shortcut", c_in, 4 * width, 1, stride, gain=1.0)
            x, c_in = relu(net.op("Add", [y, x], name + "/add"), name), 4 * width
    net.classify(x, c_in)
    return net.file("resnet50")


def mobilenetv2():
    """Sandler et al. 2018, width 1."""
    net = Net()
    net.constant("zero", np.array(0.0, dtype=np.float32))
    net.constant("six", np.array(6.0, dtype=np.float32))

    def relu6(x, name):
        return net.op("Clip", [x, "zero", "six"], name + "/relu6")

    x, c_in = relu6(net.conv("x", "stem", 3, 32, 3, 2), "stem"), 32
    rows = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
    for row, (expand, c_out, blocks, first_stride) in enumerate(rows, 1):
        for block in range(blocks):
            name, stride = f"stage{row}.{block}", first_stride if block == 0 else 1
            width, y = c_in * expand, x
            if expand > 1:
                y = relu6(net.conv(y, name + ".expand", c_in, width, 1), name + ".expand")
            y = relu6(net.conv(y, name + ".depthwise", width, width, 3, stride, group=width), name + ".depthwise")
            y = net.conv(y, name + ".project", width, c_out, 1, gain=1.0 if block == 0 else 0.25)
            x, c_in = (net.op("Add", [x, y], name + "/add") if block > 0 else y), c_out
    x = relu6(net.conv(x, "head", c_in, 1280, 1), "head")
    net.classify(x, 1280)
    return net.file("mobilenetv2")


def bert_base():
    """Devlin et al. 2018, uncased: 12 layers, 12 heads, width 768, without the pooler."""
    layers, width, words = 12, 768, 30522
    weights = {}

    def normal(key, shape):
        # As wide as the truncated normal of 0.02 that BERT starts from.
        weights[key] = drawn(key, shape, 0.02 * math.sqrt(3.0))

    def linear(key, c_in, c_out):
        normal(key + ".weight", [c_out, c_in])
        normal(key + ".bias", [c_out])

    def norm(key):
        weights[key + ".weight"] = 1.0 + drawn(key + ".weight", [width], 0.1)
        normal(key + ".bias", [width])

    normal("embeddings.word_embeddings.weight", [words, width])
    normal("embeddings.token_type_embeddings.weight", [2, width])
    normal("embeddings.position_embeddings.weight", [build_minilm.POSITIONS, width])
    norm("embeddings.LayerNorm")
    for layer in range(layers):
        key = f"encoder.layer.{layer}"
        for part in ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"):
            linear(f"{key}.{part}", width, width)
        norm(f"{key}.attention.output.LayerNorm")
        linear(f"{key}.intermediate.dense", width, 4 * width)
        linear(f"{key}.output.dense", 4 * width, width)
        norm(f"{key}.output.LayerNorm")
    return build_minilm.build(weights, layers, width, "bert-base")


MODELS = {"resnet50": resnet50, "mobilenetv2": mobilenetv2, "bert-base": bert_base}


def main():
    parser = argparse.ArgumentParser(description="Build an ONNX graph with drawn weights.")
    parser.add_argument("--model", required=True, choices=MODELS)
    parser.add_argument("--out", required=True, help="the ONNX file to write")
    args = parser.parse_args()
    partial = args.out + ".partial"
    with open(partial, "wb") as out:
        out.write(MODELS[args.model]())
    os.replace(partial, args.out)


if __name__ == "__main__":
    main()
