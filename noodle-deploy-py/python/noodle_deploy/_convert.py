"""Models of other libraries to ONNX files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import os

# Operators for which skl2onnx has others that the library can run.
_AVOIDED = {"Scaler"}


def convert(model: Any, path: str | os.PathLike[str], *, example: Any) -> Path:
    """Write a fitted scikit-learn estimator or pipeline to an ONNX file, to be registered.

    ``example`` is an array like those that the model will be asked with; its element type and its number of columns
    become the signature's. A classifier's outputs are ``label`` and ``probabilities``, both arrays.

    Not every estimator runs: those tested, and those that are known not to run, are in the guide. Deploying one that
    does not is refused with the operator's name. Models of other libraries have exporters of their own:
    ``torch.onnx.export`` for PyTorch, ``optimum-cli export onnx`` for Hugging Face.
    """
    if "sklearn" not in {base.__module__.partition(".")[0] for base in type(model).__mro__}:
        raise TypeError(
            f"only scikit-learn estimators are converted here, not {type(model).__qualname__}; PyTorch modules are "
            "exported by torch.onnx.export, Hugging Face models by `optimum-cli export onnx`"
        )
    try:
        from skl2onnx import to_onnx
    except ModuleNotFoundError as error:
        raise ImportError("to convert scikit-learn estimators: pip install 'noodle-deploy[sklearn]'") from error

    def export(options: dict[str, Any] | None) -> Any:
        return to_onnx(model, example[:1], options=options, black_op=_AVOIDED)

    if hasattr(model, "classes_"):
        try:
            onnx = export({"zipmap": False})
        except NameError:
            # Some classifiers never put their probabilities into dicts, and know no such option.
            onnx = export(None)
    else:
        onnx = export(None)
    path = Path(path)
    path.write_bytes(onnx.SerializeToString())
    return path
