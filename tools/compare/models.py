"""The models that everybody serves: files, inputs, and inputs as raw bytes, which is how they travel where a peer allows it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Model:
    """A file and one request for it: name, element type and shape of each input."""

    name: str
    path: Path
    inputs: tuple[tuple[str, str, tuple[int, ...]], ...]

    def request(self):
        """The same arrays in every process."""
        return {name: _filled(name, dtype, shape) for name, dtype, shape in self.inputs}

    def pack(self, arrays):
        """Arrays one after the other, in the order of the inputs."""
        return b"".join(np.ascontiguousarray(arrays[name]).tobytes() for name, _, _ in self.inputs)

    def unpack(self, body):
        """Arrays of a request; views of its bytes."""
        arrays, at = {}, 0
        for name, dtype, shape in self.inputs:
            size = int(np.prod(shape)) * np.dtype(dtype).itemsize
            arrays[name] = np.frombuffer(body, dtype, offset=at, count=int(np.prod(shape))).reshape(shape)
            at += size
        if at != len(body):
            raise ValueError(f"{len(body)} bytes, of which the inputs take {at}")
        return arrays


def _filled(name, dtype, shape):
    if dtype == "float32":
        return np.random.default_rng(7).standard_normal(shape, np.float32)
    if name == "attention_mask":
        return np.ones(shape, dtype)
    if name == "token_type_ids":
        return np.zeros(shape, dtype)
    # Token ids and bytes of plain text: small, and not all alike.
    return (np.arange(int(np.prod(shape))) % 100 + 27).reshape(shape).astype(dtype)


def models(fetched):
    """What is measured, the cheapest first; `fetched` is where `cargo xtask models` puts files."""
    text = tuple((name, "int64", (1, 128)) for name in ("input_ids", "attention_mask", "token_type_ids"))
    return [
        Model("one node [1, 4]", ROOT / "conformance/models/linear.onnx", (("x", "float32", (1, 4)),)),
        Model("langid-v1 [1, 1024]", ROOT / "examples/models/langid-v1.onnx", (("bytes", "int32", (1, 1024)),)),
        Model("mobilenetv2 [1, 3, 224, 224]", fetched / "mobilenetv2.onnx", (("x", "float32", (1, 3, 224, 224)),)),
        Model("minilm [1, 128]", fetched / "minilm.onnx", text),
    ]


def model(name, fetched):
    """The model of that name."""
    return next(model for model in models(Path(fetched)) if model.name == name)
