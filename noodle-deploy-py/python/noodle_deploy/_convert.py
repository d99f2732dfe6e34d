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

    **scikit-learn**: a fitted estimator or pipeline. ``example`` is an array like those that the model was fitted with;
    its number of columns becomes the signature's, and its element type too, but that float64 becomes float32, which is
    what runs: ask with ``x.astype("float32")``. A classifier's outputs are ``label`` and ``probabilities``, both arrays.

    **PyTorch**: a ``torch.nn.Module``, a model of Hugging Face's transformers too. ``example`` is what ``forward``
    takes: a tensor, a tuple of them, or a mapping from names, such as what a tokenizer returns. ``axes`` names the
    axes of each input whose size may change; without it these are the first axis of each input, and for a model of
    transformers the second one of each matrix; ``{}`` keeps the example's shapes. ``exporter`` is ``"dynamo"`` where
    nothing is said, or PyTorch's older ``"torchscript"``. Dropout and the like are off in the file.

    Not everything runs: what was tested is in the guide. Deploying what does not run is refused with the operator's
    name.
    """
    given = model if isinstance(model, type) else type(model)
    libraries = {base.__module__.partition(".")[0] for base in given.__mro__}
    path = Path(path)
    if isinstance(model, type) and libraries & {"torch", "sklearn"}:
        raise TypeError(f"model: the class {model.__qualname__}, allowed: an instance of it")
    if "torch" in libraries:
        from ._torch import export

        export(model, path, example, axes, exporter or "dynamo")
        return path
    if "sklearn" not in libraries:
        raise TypeError(
            "only scikit-learn estimators, PyTorch modules and models of transformers are converted, not "
            f"{'the class ' if isinstance(model, type) else ''}{given.__qualname__}"
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

    example = _single(model, example)

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


def _single(model: Any, example: Any) -> Any:
    """The example, checked, with floats of single precision: the library runs hardly an operator in double."""
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    try:
        check_is_fitted(model)
    except NotFittedError:
        raise ValueError(f"model: {type(model).__qualname__}, not fitted, allowed: a fitted estimator") from None
    columns = getattr(model, "n_features_in_", None)
    allowed = f"allowed: an array of rows with {columns or 'the'} columns{'' if columns else ' of the model'}"
    if hasattr(example, "columns") and hasattr(example, "dtypes"):
        # A table of pandas: an input for each column.
        doubles = [name for name, dtype in example.dtypes.items() if dtype == "float64"]
        shape, single = example.shape, example.astype(dict.fromkeys(doubles, "float32"))
    elif hasattr(example, "shape") and hasattr(example, "dtype"):
        shape, single = example.shape, example.astype("float32") if example.dtype == "float64" else example
    else:
        raise TypeError(f"example: {type(example).__qualname__}, {allowed}")
    if columns is not None and (len(shape) != 2 or shape[1] != columns) or not 1 <= len(shape) <= 2:
        raise ValueError(f"example: an array of shape {tuple(shape)}, {allowed}")
    return single
