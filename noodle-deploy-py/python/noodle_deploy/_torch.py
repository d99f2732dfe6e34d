"""PyTorch modules to ONNX files, those of transformers among them."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_EXPORTERS = ("dynamo", "torchscript")


def export(model: Any, path: Path, example: Any, axes: Mapping[str, Mapping[int, str]] | None, exporter: str) -> None:
    if exporter not in _EXPORTERS:
        raise ValueError(f"exporter: {exporter!r}, allowed: {', '.join(_EXPORTERS)}")
    try:
        import torch

        # What the exporters miss only when they are half done; the first brings the second.
        import_module("onnxscript" if exporter == "dynamo" else "onnx")
    except ModuleNotFoundError as error:
        raise ImportError(
            "to convert PyTorch modules: pip install 'noodle-deploy[torch]', which is torch and onnxscript"
        ) from error
    transformer = hasattr(model, "config") and hasattr(model, "main_input_name")
    inputs = _named(model, example)
    if axes is None:
        axes = {name: _free(value, transformer) for name, value in inputs.items()}
    for name, free in axes.items():
        if name not in inputs:
            raise ValueError(f"axes: {name!r}, allowed: {', '.join(inputs)}")
        for axis in free:
            if not 0 <= axis < inputs[name].ndim:
                raise ValueError(f"axes: axis {axis} of {name!r}, allowed: 0 to {inputs[name].ndim - 1}")
    inputs = {name: _twice(value, axes.get(name, {})) for name, value in inputs.items()}
    training = [module for module in model.modules() if module.training]
    cached = _cache(model, False) if transformer else None
    model.eval()
    try:
        with torch.no_grad():
            outputs = _outputs(model(**inputs))
            _write(torch, model, path, inputs, outputs, axes, exporter)
    finally:
        for module in training:
            module.training = True
        if cached is not None:
            _cache(model, cached)


def _named(model: Any, example: Any) -> dict[str, Any]:
    """The example's tensors by the names of what `forward` takes."""
    import torch

    def tensor(value: Any) -> Any:
        try:
            return torch.as_tensor(value)
        except (TypeError, ValueError, RuntimeError) as error:
            allowed = "a tensor, a tuple of them, or a mapping from names to them"
            raise TypeError(f"example: {type(value).__qualname__}, allowed: {allowed}") from error

    if isinstance(example, Mapping):
        return {name: tensor(value) for name, value in example.items()}
    values = example if isinstance(example, tuple) else (example,)
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    names = [name for name, taken in inspect.signature(model.forward).parameters.items() if taken.kind in kinds]
    if len(names) < len(values):
        raise ValueError(f"example: {len(values)} tensors, allowed: one for each of {', '.join(names)}")
    return {name: tensor(value) for name, value in zip(names, values, strict=False)}


def _free(value: Any, transformer: bool) -> dict[int, str]:
    if value.ndim == 0:
        return {}
    return {0: "batch", 1: "sequence"} if transformer and value.ndim == 2 else {0: "batch"}


def _twice(value: Any, free: Mapping[int, str]) -> Any:
    """Along a free axis of size one the exporter would take the one for all there is."""
    for axis in free:
        if value.shape[axis] == 1:
            value = value.repeat_interleave(2, dim=axis)
    return value


def _cache(model: Any, on: bool) -> bool | None:
    """Whether a model of transformers returned keys and values of its attention; None where it never does."""
    before = getattr(model.config, "use_cache", None)
    if before is not None:
        model.config.use_cache = on
    return before


def _outputs(returned: Any) -> list[str]:
    """Names of the outputs; those of a mapping are its own."""
    if isinstance(returned, Mapping):
        return list(returned)
    if isinstance(returned, (tuple, list)):
        return [f"output_{index}" for index in range(len(returned))]
    return ["output"]


def _write(
    torch: Any,
    model: Any,
    path: Path,
    inputs: dict[str, Any],
    outputs: list[str],
    axes: Mapping[str, Mapping[int, str]],
    exporter: str,
) -> None:
    named = {"input_names": list(inputs), "output_names": outputs, "verbose": False}
    if exporter == "dynamo":
        dims = {name: torch.export.Dim(name) for free in axes.values() for name in free.values()}
        shapes = {name: {axis: dims[dim] for axis, dim in axes.get(name, {}).items()} for name in inputs}
        torch.onnx.export(
            model, (), str(path), kwargs=inputs, dynamo=True, dynamic_shapes=shapes, external_data=False, **named
        )
        return

    class Positional(torch.nn.Module):  # type: ignore[misc]
        """Takes the example's tensors alone: the exporter would make inputs of parameters that have defaults."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *values: Any) -> Any:
            returned = self.model(**dict(zip(inputs, values, strict=True)))
            return tuple(returned.values()) if isinstance(returned, Mapping) else returned

    # What attention runs through where nothing is trained is one operator, which this exporter does not know.
    fast = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        free = {name: dict(names) for name, names in axes.items()}
        torch.onnx.export(
            Positional().eval(), tuple(inputs.values()), str(path), dynamo=False, dynamic_axes=free, **named
        )
    finally:
        torch.backends.mha.set_fastpath_enabled(fast)
