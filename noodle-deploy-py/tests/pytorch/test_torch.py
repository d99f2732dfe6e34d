"""PyTorch modules and models of transformers: converted, deployed, and asked the same questions.

`cargo xtask test torch` runs these. The lists are those of the guide.
"""

import os
import re
import sys
import unittest
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import torch
import transformers
from torch import nn

import noodle_deploy
from support import ROOT, Case, run, serve

transformers.logging.set_verbosity_error()
torch.manual_seed(0)


class First(nn.Module):
    """What a module that returns several tensors returns first."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return self.inner(x)[0]


class Attends(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, x):
        return self.inner(x, x, x, need_weights=False)[0]


ROWS, SERIES, IMAGES = torch.randn(2, 4), torch.randn(2, 6, 8), torch.randn(2, 3, 16, 16)
TOKENS = torch.randint(0, 50, (2, 7))
MASK = torch.tensor([[1] * 7, [1] * 5 + [0] * 2])

MODULES = [
    (nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(), nn.Linear(8, 3), nn.Softmax(-1)), ROWS),
    (nn.Sequential(nn.Linear(4, 8), nn.GELU(), nn.SiLU(), nn.LayerNorm(8), nn.Tanh(), nn.Sigmoid()), ROWS),
    (nn.Sequential(nn.Linear(4, 8), nn.LeakyReLU(), nn.ELU(), nn.Softplus(), nn.Hardswish()), ROWS),
    (
        nn.Sequential(
            nn.Conv2d(3, 8, 3, padding=1),
            nn.BatchNorm2d(8),
            nn.MaxPool2d(2),
            nn.Conv2d(8, 8, 3, groups=2),
            nn.AvgPool2d(2),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
        ),
        IMAGES,
    ),
    (nn.Sequential(nn.ConvTranspose2d(3, 4, 2, stride=2), nn.GroupNorm(2, 4)), IMAGES),
    (nn.Upsample(scale_factor=2), IMAGES),
    (nn.Conv1d(6, 4, 3), SERIES),
    (First(nn.GRU(8, 5, batch_first=True)), SERIES),
    (First(nn.LSTM(8, 5, batch_first=True)), SERIES),
    (First(nn.RNN(8, 5, batch_first=True)), SERIES),
    (Attends(), SERIES),
    (nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), SERIES),
    (nn.Embedding(50, 4), TOKENS),
]

SMALL = {
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "vocab_size": 50,
    "max_position_embeddings": 64,
}
TEXT = {"input_ids": TOKENS, "attention_mask": MASK}
DISTIL = {"dim": 16, "n_layers": 2, "n_heads": 2, "hidden_dim": 32, "vocab_size": 50, "max_position_embeddings": 64}
GPT2 = {"vocab_size": 50, "n_positions": 64, "n_embd": 16, "n_layer": 2, "n_head": 2}
GPT2 |= {"bos_token_id": 0, "eos_token_id": 0}
VIT = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32, "image_size": 16}
T5 = {"d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 2, "num_heads": 2, "vocab_size": 50}
TRANSFORMERS = [
    (transformers.BertModel(transformers.BertConfig(**SMALL)), TEXT),
    (transformers.BertForSequenceClassification(transformers.BertConfig(**SMALL, num_labels=3)), TEXT),
    (transformers.DistilBertModel(transformers.DistilBertConfig(**DISTIL)), TEXT),
    (transformers.RobertaForTokenClassification(transformers.RobertaConfig(**SMALL, pad_token_id=1)), TEXT),
    (transformers.GPT2LMHeadModel(transformers.GPT2Config(**GPT2)), TEXT),
    (transformers.LlamaForCausalLM(transformers.LlamaConfig(**SMALL, num_key_value_heads=1)), TEXT),
    (transformers.T5EncoderModel(transformers.T5Config(**T5)), TEXT),
    (transformers.ViTForImageClassification(transformers.ViTConfig(**VIT, patch_size=8)), {"pixel_values": IMAGES}),
]


def parts(module):
    """Names of the modules of PyTorch that a module is made of."""
    if isinstance(module, (nn.Sequential, First, Attends)):
        return {name for child in module.children() for name in parts(child)}
    return {type(module).__name__}


def larger(value, axes):
    for axis in axes:
        value = torch.cat([value, value.narrow(axis, 0, 1)], dim=axis)
    return value


class Torch(Case):
    def setUp(self):
        super().setUp()
        caught = warnings.catch_warnings()
        caught.__enter__()
        self.addCleanup(caught.__exit__, None, None, None)
        warnings.simplefilter("ignore")
        self.count = 0

    def deploy(self, model, example, **options):
        path = noodle_deploy.convert(model, self.tmp / "model.onnx", example=example, **options)
        self.count += 1
        name = f"m{self.count}"
        version = self.noodle.register_version(model=name, path=path)
        self.noodle.deploy(deployment=name, model=name, version=version.version)
        return version.signature, lambda inputs: self.noodle.predict(name, inputs)

    def check(self, model, example, exporter, free):
        """That what is deployed answers as the model does, for shapes that are not the example's."""
        signature, ask = self.deploy(model, example, exporter=exporter)
        model.eval()
        inputs = example if isinstance(example, dict) else {signature.inputs[0].name: example}
        for axes in ((), free):
            asked = {name: larger(value, axes) for name, value in inputs.items()}
            with torch.no_grad():
                expected = model(**asked) if isinstance(example, dict) else {"output": model(*asked.values())}
            answer = ask(asked)
            self.assertEqual(answer.keys(), list(expected))
            for name, value in expected.items():
                np.testing.assert_allclose(answer[name], value.numpy(), atol=1e-4)

    def test_modules(self):
        for exporter in ("dynamo", "torchscript"):
            for model, example in MODULES:
                with self.subTest(f"{model}, {exporter}"):
                    self.check(model, example, exporter, (0,))

    def test_transformers(self):
        for exporter in ("dynamo", "torchscript"):
            for model, example in TRANSFORMERS:
                # What the new exporter makes of its positions, a sum along an axis, fails in the engine.
                if exporter == "dynamo" and isinstance(model, transformers.RobertaForTokenClassification):
                    continue
                with self.subTest(f"{type(model).__name__}, {exporter}"):
                    self.check(model, example, exporter, (0, 1) if example is TEXT else (0,))

    def test_forms_of_the_example(self):
        class Two(nn.Module):
            def forward(self, left, right):
                return left + right, left - right

        a, b = torch.ones(3, 2), torch.full((3, 2), 2.0)
        for example in ((a, b), {"left": a, "right": b}, (a.numpy(), b.numpy())):
            signature, ask = self.deploy(Two(), example)
            self.assertEqual([spec.name for spec in signature.inputs], ["left", "right"])
            answer = ask({"left": a, "right": b})
            found = {name: value[0, 0] for name, value in answer.outputs.items()}
            self.assertEqual(found, {"output_0": 3, "output_1": -1})
        with self.assertRaisesRegex(ValueError, "3 tensors, allowed: one for each of left, right"):
            self.deploy(Two(), (a, b, a))

    def test_axes(self):
        model = nn.Linear(4, 2)
        for axes, shape in [
            (None, ["batch", "4"]),
            ({}, ["1", "4"]),
            ({"input": {0: "rows"}}, ["rows", "4"]),
        ]:
            signature, ask = self.deploy(model, torch.ones(1, 4), axes=axes)
            self.assertEqual([str(size) for size in signature.inputs[0].shape], shape)
            self.assertEqual(ask({"input": torch.ones(1, 4)})["output"].shape, (1, 2))
        for axes, said in [
            ({"x": {0: "n"}}, "'x', allowed: input"),
            ({"input": {2: "n"}}, "axis 2 of 'input', allowed: 0 to 1"),
        ]:
            with self.assertRaisesRegex(ValueError, said):
                self.deploy(model, torch.ones(1, 4), axes=axes)
        with self.assertRaisesRegex(ValueError, "exporter: 'other', allowed: dynamo, torchscript"):
            self.deploy(model, torch.ones(1, 4), exporter="other")

    def test_the_model_is_left_as_it_was(self):
        model = nn.Sequential(nn.Linear(4, 2), nn.BatchNorm1d(2), nn.Dropout())
        model[1].eval()
        before = [module.training for module in model.modules()]
        statistics = model[1].running_mean.clone()
        self.deploy(model, ROWS)
        self.assertEqual([module.training for module in model.modules()], before)
        self.assertTrue(torch.equal(model[1].running_mean, statistics))
        gpt = TRANSFORMERS[4][0]
        gpt.config.use_cache = True
        self.deploy(gpt, TEXT)
        self.assertTrue(gpt.config.use_cache)

    def test_what_does_not_run_is_refused(self):
        for exporter in ("dynamo", "torchscript"):
            with self.subTest(exporter), self.fails("unsupported"):
                self.deploy(nn.EmbeddingBag(50, 4), TOKENS, exporter=exporter)

    def test_the_guide_lists_them(self):
        guide = (ROOT / "docs/guide/python.md").read_text(encoding="utf-8")
        listed = re.search(r"These modules run: (.*?)\.\n", guide, re.DOTALL)[1]
        self.assertEqual(set(re.findall(r"`(\w+)`", listed)), {name for model, _ in MODULES for name in parts(model)})
        listed = re.search(r"These models run: (.*?)\.\n", guide, re.DOTALL)[1]
        self.assertEqual(set(re.findall(r"`(\w+)`", listed)), {type(model).__name__ for model, _ in TRANSFORMERS})

    def test_without_the_exporter(self):
        program = """
import sys
sys.modules["onnxscript"] = sys.modules["onnx"] = None
import torch, noodle_deploy
model, example = torch.nn.Linear(2, 1), torch.ones(1, 2)
for exporter in ("dynamo", "torchscript"):
    try:
        noodle_deploy.convert(model, "m.onnx", example=example, exporter=exporter)
    except ImportError as error:
        print(error)
"""
        done = run(program, cwd=self.tmp)
        self.assertEqual(done.stdout.count("pip install 'noodle-deploy[torch]'"), 2, done.stderr)
        self.assertFalse(os.path.exists(self.tmp / "m.onnx"))

    def test_dlpack(self):
        serve(self.noodle, "linear")
        answer = self.noodle.predict("linear", {"x": torch.ones(2, 4)})
        expected = self.noodle.predict("linear", {"x": np.ones((2, 4), np.float32)})["y"]
        np.testing.assert_array_equal(answer["y"], expected)
        np.testing.assert_array_equal(torch.from_dlpack(answer.dlpack("y")).numpy(), expected)
        # The capsule itself, as readers from before the protocol take it: theirs to write to.
        found = torch.utils.dlpack.from_dlpack(answer.dlpack("y").__dlpack__())
        np.testing.assert_array_equal(found.numpy(), expected)
        found.zero_()
        np.testing.assert_array_equal(answer["y"], expected)


if __name__ == "__main__":
    unittest.main()
