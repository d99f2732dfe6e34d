"""Deploy, version, route and roll back AI models inside the host process.

Open a directory with :func:`open`, register a model file, deploy it, predict::

    with noodle_deploy.open("state") as noodle:
        version = noodle.register_version(model="langid", path="langid.onnx")
        noodle.deploy(deployment="langid", version=version.version)
        answer = noodle.predict("langid", {"bytes": array})
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from typing import Any, Unpack

    from . import errors, types
    from ._convert import convert
    from ._native import CancelToken, Prediction, PredictionStream, Served, Session
    from .errors import NoodleError
    from .events import AsyncEvents, Events, Lagged
    from .handle import Acting, AsyncActing, AsyncNoodle, Noodle, Opening
    from .sessions import AsyncPredictionStream, AsyncSession
    from .types import BackupReport, Settings

__all__ = [
    "Acting",
    "AsyncActing",
    "AsyncEvents",
    "AsyncNoodle",
    "AsyncPredictionStream",
    "AsyncSession",
    "CancelToken",
    "Events",
    "Lagged",
    "Noodle",
    "NoodleError",
    "Prediction",
    "PredictionStream",
    "Served",
    "Session",
    "__version__",
    "convert",
    "errors",
    "open",
    "open_async",
    "restore",
    "types",
    "version",
]

# What is loaded when it is asked for, so that an import costs next to nothing.
_LAZY = {
    "Acting": "handle",
    "AsyncActing": "handle",
    "AsyncEvents": "events",
    "AsyncNoodle": "handle",
    "AsyncPredictionStream": "sessions",
    "AsyncSession": "sessions",
    "CancelToken": "_native",
    "convert": "_convert",
    "Events": "events",
    "Lagged": "events",
    "Noodle": "handle",
    "NoodleError": "errors",
    "Prediction": "_native",
    "PredictionStream": "_native",
    "Served": "_native",
    "Session": "_native",
    "__version__": "_native",
}


def open(dir: str | os.PathLike[str], **settings: Unpack[Settings]) -> Noodle:
    """Open a directory; it is made where it is missing, and what ran when it was last open runs again.

    Settings that are left out have their defaults. Use the handle in a ``with`` statement, or close it.
    """
    from .handle import Noodle

    return Noodle(dir, dict(settings))


def open_async(dir: str | os.PathLike[str], **settings: Unpack[Settings]) -> Opening:
    """Open a directory for coroutines: ``async with open_async(dir) as noodle`` or ``await open_async(dir)``."""
    from .handle import Opening

    return Opening(dir, dict(settings))


def restore(backup: str | os.PathLike[str], to: str | os.PathLike[str]) -> BackupReport:
    """Restore a backup into a directory that does not exist yet."""
    from ._native import restore
    from .types import BackupReport

    return BackupReport._read(restore(backup, to))


def version() -> str:
    """Version of the library."""
    from ._native import __version__

    return __version__


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _LAZY:
        value = getattr(import_module(f".{_LAZY[name]}", __name__), name)
    elif name in ("errors", "types"):
        value = import_module(f".{name}", __name__)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
