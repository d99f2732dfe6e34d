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
    def result(self) -> Prediction | None: ...
    def cancel(self) -> None: ...

class Session:
    """Calls that belong together: each begins with what the one before left. They run one after the other.

    All of them are answered by the version that the session began on. It ends when it is closed, when no call comes for
    long enough, and when its deployment stops.
    """

    def predict(
        self,
        inputs: Mapping[str, Any],
        *,
        timeout: float | None = None,
        cancel: CancelToken | None = None,
        priority: int | None = None,
    ) -> Prediction:
        """Answer a call with what the one before left, on this thread. Inputs that are carried are not given."""
    def predict_stream(
        self,
        inputs: Mapping[str, Any],
        *,
        timeout: float | None = None,
        cancel: CancelToken | None = None,
        priority: int | None = None,
    ) -> PredictionStream:
        """Answer one request many times, beginning with what the call before left."""
    def _submit(
        self,
        inputs: Mapping[str, Any],
        timeout: float | None,
        cancel: CancelToken | None,
        priority: int | None,
    ) -> Pending: ...
    def reset(self) -> None:
        """Begin anew, with zeros, after the calls before it."""
    def close(self) -> None:
        """End the session. Twice does no harm."""
    @property
    def closed(self) -> bool:
        """Whether the session is closed."""
    @property
    def served(self) -> Served:
        """Who answers."""
    @property
    def version(self) -> str:
        """Version of the model that answers."""
    def __enter__(self) -> Self: ...
    def __exit__(self, *raised: object) -> None: ...

class PredictionStream:
    """The answers to one request, in order; each is made when it is asked for. An error ends it."""

    def __iter__(self) -> Self: ...
    def __next__(self) -> Prediction: ...
    def _next(self) -> Pending: ...
    def close(self) -> None:
        """End the stream. Twice does no harm."""
    @property
    def served(self) -> Served:
        """Who answers: the same version for every answer."""
    def __enter__(self) -> Self: ...
    def __exit__(self, *raised: object) -> None: ...

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
        key: str | None = None,
        attributes: Mapping[str, str] | None = None,
        request_id: str | None = None,
    ) -> Prediction:
        """Ask a deployment, on this thread.

        ``inputs`` are by name: NumPy arrays, objects with ``__dlpack__``, or numbers, strings and lists. Arrays are
        borrowed until the call returns. ``version`` pins a version or an alias; ``timeout`` is in seconds;
        ``priority`` is a level among requests that wait, 1 the most urgent; while a rollout goes on, all requests of one
        ``key`` go to the same revision; the deployment's rules look at ``attributes``; a ``request_id`` is remembered for
        labels that come later.
        """
    def _submit(
        self,
        deployment: str,
        inputs: Mapping[str, Any],
        version: str | None,
        timeout: float | None,
        cancel: CancelToken | None,
        priority: int | None = None,
        key: str | None = None,
        attributes: Mapping[str, str] | None = None,
        request_id: str | None = None,
    ) -> Pending: ...
    def session(
        self,
        deployment: str,
        *,
        version: str | None = None,
        key: str | None = None,
        attributes: Mapping[str, str] | None = None,
        request_id: str | None = None,
    ) -> Session:
        """Begin a session on the revision that serves, on the one of its ``key`` while several do, or on the loaded one of
        a version. It stays there. ``attributes`` are what it says of itself; by its ``request_id`` outcomes find it."""
    def predict_stream(
        self,
        deployment: str,
        inputs: Mapping[str, Any],
        *,
        version: str | None = None,
        timeout: float | None = None,
        cancel: CancelToken | None = None,
        priority: int | None = None,
        key: str | None = None,
        attributes: Mapping[str, str] | None = None,
        request_id: str | None = None,
    ) -> PredictionStream:
        """Answer one request many times, as the deployment's ``stream`` says: window by window, or step by step.

        Inputs are copied; each answer is made when it is asked for. ``timeout`` bounds the whole stream.
        """
    def _subscribe(self) -> Subscription: ...

def check_caller(actor: str, role: str, request_id: str | None) -> None: ...
def check_progress(progress: object) -> None: ...
def restore(backup: str | os.PathLike[str], to: str | os.PathLike[str]) -> dict[str, Any]: ...
def leave() -> None: ...
def take_messages() -> tuple[list[tuple[int, str, str, dict[str, str], float]], int] | None: ...
def end_messages() -> None: ...
