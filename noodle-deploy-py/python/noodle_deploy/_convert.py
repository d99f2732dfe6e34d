"""Models of other libraries to ONNX files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from typing import Literal

# Operators for which skl2onnx has others that the library can run.
_AVOIDED = {"Scaler"}


def convert(
    model: Any,
    path: str | os.PathLike[str],
    *,
    example: Any,
    axes: Mapping[str, Mapping[int, str]] | None = None,
    exporter: Literal["dynamo", "torchscript"] | None = None,
) -> Path:
    """Write a model of another library to an ONNX file, to be registered.

    **scikit-learn**: a fitted estimator or pipeline. ``example`` is an array like those that the model will be asked
    with; its element type and its number of columns become the signature's. A classifier's outputs are ``label`` and
    ``probabilities``, both arrays.

    **PyTorch**: a ``torch.nn.Module``, a model of Hugging Face's transformers too. ``example`` is what ``forward``
    takes: a tensor, a tuple of them, or a mapping from names, such as what a tokenizer returns. ``axes`` names the
    axes of each input whose size may change; without it these are the first axis of each input, and for a model of
    transformers the second one of each matrix; ``{}`` keeps the example's shapes. ``exporter`` is ``"dynamo"`` where
    nothing is said, or PyTorch's older ``"torchscript"``. Dropout and the like are off in the file.

    Not everything runs: what was tested is in the guide. Deploying what does not run is refused with the operator's
    name.
    """
    libraries = {base.__module__.partition(".")[0] for base in type(model).__mro__}
    path = Path(path)
    if "torch" in libraries:
        from ._torch import export

        export(model, path, example, axes, exporter or "dynamo")
        return path
    if "sklearn" not in libraries:
        raise TypeError(
            "only scikit-learn estimators, PyTorch modules and models of transformers are converted, not "
            f"{type(model).__qualname__}"
        )
    if axes is not None or exporter is not None:
        raise TypeError("axes and exporter are for PyTorch modules; a scikit-learn estimator takes neither")
    path.write_bytes(_sklearn(model, example))
    return path


def _sklearn(model: Any, example: Any) -> bytes:
    try:
        from skl2onnx import to_onnx
    except ModuleNotFoundError as error:
        raise ImportError("to convert scikit-learn estimators: pip install 'noodle-deploy[sklearn]'") from error

    def export(options: dict[str, Any] | None) -> bytes:
        onnx = to_onnx(model, example[:1], options=options, black_op=_AVOIDED)
        return bytes(onnx.SerializeToString())

    if hasattr(model, "classes_"):
        try:
            return export({"zipmap": False})
        except NameError:
            # Some classifiers never put their probabilities into dicts, and know no such option.
            pass
    return export(None)
