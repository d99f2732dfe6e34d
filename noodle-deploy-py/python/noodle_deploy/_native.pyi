"""The native half."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from .types import Settings, Signature

__version__: str

class CancelToken:
    """A flag that cancels requests."""

    def __new__(cls) -> Self: ...
    def cancel(self) -> None:
        """Cancel every request that carries the flag: before it starts, or between two nodes of the model."""

class Served:
    """Who answered a request."""

    @property
    def deployment(self) -> str: ...
    @property
    def revision(self) -> int: ...
    @property
    def model(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def labels(self) -> list[str]: ...
    @property
    def signature(self) -> Signature: ...

class Prediction:
    """The answer to a request: outputs of exactly one version, by name."""

    def __getitem__(self, name: str) -> Any:
        """An output: a read-only array over the engine's memory, without a copy; strings are an array of objects."""
    def __len__(self) -> int: ...
    def __contains__(self, name: str) -> bool: ...
    def __iter__(self) -> Iterator[str]: ...
    def dlpack(self, name: str) -> DlpackOutput:
        """An output for readers of DLPack: new ones share the engine's memory, old ones get a copy."""
    def keys(self) -> list[str]:
        """Names of the outputs, in the model's order."""
    @property
    def outputs(self) -> dict[str, Any]:
        """Outputs by name, in the model's order."""
    @property
    def served(self) -> Served:
        """Who answered."""
    @property
    def version(self) -> str:
        """Version of the model that answered."""
    def top(self, k: int) -> list[list[tuple[str, float]]]:
        """The best labels of each row of the first f32 output with one entry per label, best first."""
    def _repr_html_(self) -> str: ...

class DlpackOutput:
    """An output that exports itself with DLPack, whether or not a reader knows versions."""

    def __dlpack__(
        self,
        *,
        stream: Any = None,
        max_version: tuple[int, int] | None = None,
        dl_device: tuple[int, int] | None = None,
        copy: bool | None = None,
    ) -> Any: ...
    def __dlpack_device__(self) -> tuple[int, int]: ...

class Pending:
    def poll(self, wake: Callable[[], None]) -> bool: ...
    def result(self) -> Prediction: ...
    def cancel(self) -> None: ...

class Subscription:
    def pull(self, timeout: float) -> dict[str, Any] | int | bool | None: ...
    def close(self) -> None: ...

class Handle:
    """An open directory."""

    def __new__(cls, dir: str | os.PathLike[str], settings: dict[str, Any], world: Any = None) -> Self: ...
    def close(self) -> None:
        """Let the handle go. Twice does no harm."""
    @property
    def closed(self) -> bool:
        """Whether the handle is closed."""
    @property
    def _dir(self) -> Path: ...
    @property
    def _settings(self) -> Settings: ...
    def call(
        self,
        name: str,
        input: Mapping[str, Any],
        actor: str | None = None,
        role: str | None = None,
        request_id: str | None = None,
        progress: Callable[[Any], object] | None = None,
    ) -> Any:
        """Call an operation by name with plain values, as somebody or as the host."""
    def predict(
        self,
        deployment: str,
        inputs: Mapping[str, Any],
        *,
        version: str | None = None,
        timeout: float | None = None,
        cancel: CancelToken | None = None,
        priority: int | None = None,
    ) -> Prediction:
        """Ask a deployment, on this thread.

        ``inputs`` are by name: NumPy arrays, objects with ``__dlpack__``, or numbers, strings and lists. Arrays are
        borrowed until the call returns. ``version`` pins a version or an alias; ``timeout`` is in seconds;
        ``priority`` is a level among requests that wait, 1 the most urgent.
        """
    def _submit(
        self,
        deployment: str,
        inputs: Mapping[str, Any],
        version: str | None,
        timeout: float | None,
        cancel: CancelToken | None,
        priority: int | None = None,
    ) -> Pending: ...
    def _subscribe(self) -> Subscription: ...

def check_caller(actor: str, role: str, request_id: str | None) -> None: ...
def check_progress(progress: object) -> None: ...
def restore(backup: str | os.PathLike[str], to: str | os.PathLike[str]) -> dict[str, Any]: ...
def leave() -> None: ...
def take_messages() -> tuple[list[tuple[int, str, str, dict[str, str], float]], int] | None: ...
def end_messages() -> None: ...
