"""The handle in its two forms: for threads, and for coroutines."""

from __future__ import annotations

import atexit

from . import _native
from .client import AsyncOperations, Operations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import asyncio
    import os
    from collections.abc import Callable, Generator, Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import Any, Literal, TypeVar

    from .events import AsyncEvents, Events
    from .sessions import AsyncPredictionStream, SessionOpening
    from .types import Progress, Settings

    Role = Literal["viewer", "operator", "deployer", "admin"]
    T = TypeVar("T")

__all__ = ["Acting", "AsyncActing", "AsyncNoodle", "Noodle", "Opening"]

# Before the interpreter ends no thread may be in the library.
atexit.register(_native.leave)


class Noodle(_native.Handle, Operations):
    """An open directory, for one thread or many. Opens of one directory in a process share what lies behind."""

    @property
    def dir(self) -> Path:
        """Where the directory is."""
        return self._dir

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._settings

    def acting_as(self, actor: str, *, role: Role = "admin", request_id: str | None = None) -> Acting:
        """The operations as somebody else calls them: the actor is recorded, the role is checked."""
        return Acting(self, actor, role, request_id)

    def events(self) -> Events:
        """Events from now on, one after the other."""
        from .events import Events

        return Events(self._subscribe())

    def __enter__(self) -> Noodle:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return "<Noodle, closed>" if self.closed else f"<Noodle at {str(self.dir)!r}>"

    def _repr_html_(self) -> str:
        from .html import handle

        return handle(self)

    def _call(
        self, name: str, input: Mapping[str, Any], progress: Callable[[Progress], object] | None = None
    ) -> Any:
        given = {key: value for key, value in input.items() if value is not None}
        return self.call(name, given, progress=_reading(progress))


class Acting(Operations):
    """The operations of a handle, called by somebody."""

    def __init__(self, noodle: Noodle, actor: str, role: Role, request_id: str | None) -> None:
        _native.check_caller(actor, role, request_id)
        self._noodle, self._caller = noodle, (actor, role, request_id)

    def call(
        self, name: str, input: Mapping[str, Any], *, progress: Callable[[Any], object] | None = None
    ) -> Any:
        """Call an operation by name with plain values."""
        return self._noodle.call(name, input, *self._caller, progress=progress)

    def _call(
        self, name: str, input: Mapping[str, Any], progress: Callable[[Progress], object] | None = None
    ) -> Any:
        given = {key: value for key, value in input.items() if value is not None}
        return self.call(name, given, progress=_reading(progress))


class AsyncNoodle(AsyncOperations):
    """An open directory, for coroutines. Operations run in the event loop's executor, predictions on the library's own
    threads."""

    def __init__(self, noodle: Noodle) -> None:
        self._noodle = noodle

    @property
    def sync(self) -> Noodle:
        """The same handle, for threads."""
        return self._noodle

    @property
    def dir(self) -> Path:
        """Where the directory is."""
        return self._noodle.dir

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._noodle.settings

    @property
    def closed(self) -> bool:
        """Whether the handle is closed."""
        return self._noodle.closed

    async def predict(
        self,
        deployment: str,
        inputs: Mapping[str, Any],
        *,
        version: str | None = None,
        timeout: float | None = None,
        cancel: _native.CancelToken | None = None,
        priority: int | None = None,
        key: str | None = None,
        attributes: Mapping[str, str] | None = None,
        request_id: str | None = None,
    ) -> _native.Prediction:
        """Ask a deployment. The inputs are copied; a task that is cancelled cancels the request."""
        submitted = self._noodle._submit(
            deployment, inputs, version, timeout, cancel, priority, key, attributes, request_id
        )
        return await answer_of(submitted)

    def session(
        self,
        deployment: str,
        *,
        version: str | None = None,
        key: str | None = None,
        attributes: Mapping[str, str] | None = None,
        request_id: str | None = None,
    ) -> SessionOpening:
        """Begin a session on the revision that serves, on the one of its ``key`` while several do, or on the loaded one of
        a version: ``async with noodle.session(name) as session`` or ``await noodle.session(name)``."""
        from .sessions import SessionOpening

        native = self._noodle
        return SessionOpening(
            lambda: native.session(
                deployment, version=version, key=key, attributes=attributes, request_id=request_id
            )
        )

    def predict_stream(
        self,
        deployment: str,
        inputs: Mapping[str, Any],
        *,
        version: str | None = None,
        timeout: float | None = None,
        cancel: _native.CancelToken | None = None,
        priority: int | None = None,
        key: str | None = None,
        attributes: Mapping[str, str] | None = None,
        request_id: str | None = None,
    ) -> AsyncPredictionStream:
        """Answer one request many times, as the deployment's ``stream`` says, for ``async for``. It begins when the
        first answer is asked for; ``timeout`` bounds it from then on."""
        from .sessions import AsyncPredictionStream

        noodle = self._noodle
        return AsyncPredictionStream(
            lambda: noodle.predict_stream(
                deployment,
                inputs,
                version=version,
                timeout=timeout,
                cancel=cancel,
                priority=priority,
                key=key,
                attributes=attributes,
                request_id=request_id,
            )
        )

    def acting_as(self, actor: str, *, role: Role = "admin", request_id: str | None = None) -> AsyncActing:
        """The operations as somebody else calls them: the actor is recorded, the role is checked."""
        return AsyncActing(self._noodle.acting_as(actor, role=role, request_id=request_id))

    def events(self) -> AsyncEvents:
        """Events from now on, for ``async for``."""
        from .events import AsyncEvents

        return AsyncEvents(self._noodle.events())

    async def call(
        self, name: str, input: Mapping[str, Any], *, progress: Callable[[Any], object] | None = None
    ) -> Any:
        """Call an operation by name with plain values."""
        return await _heard(progress, lambda hear: self._noodle.call(name, input, progress=hear))

    async def close(self) -> None:
        """Let the handle go. Twice does no harm."""
        await _in_executor(self._noodle.close)

    async def __aenter__(self) -> AsyncNoodle:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"<Async{repr(self._noodle)[1:]}"

    async def _call(
        self, name: str, input: Mapping[str, Any], progress: Callable[[Progress], object] | None = None
    ) -> Any:
        return await _heard(progress, lambda hear: self._noodle._call(name, input, hear))


class AsyncActing(AsyncOperations):
    """The operations of a handle for coroutines, called by somebody."""

    def __init__(self, acting: Acting) -> None:
        self._acting = acting

    async def call(
        self, name: str, input: Mapping[str, Any], *, progress: Callable[[Any], object] | None = None
    ) -> Any:
        """Call an operation by name with plain values."""
        return await _heard(progress, lambda hear: self._acting.call(name, input, progress=hear))

    async def _call(
        self, name: str, input: Mapping[str, Any], progress: Callable[[Progress], object] | None = None
    ) -> Any:
        return await _heard(progress, lambda hear: self._acting._call(name, input, hear))


class Opening:
    """A directory that is being opened: to be awaited, or for ``async with``."""

    def __init__(self, dir: str | os.PathLike[str], settings: dict[str, Any]) -> None:
        self._dir, self._settings = dir, settings

    def __await__(self) -> Generator[Any, None, AsyncNoodle]:
        return self._open().__await__()

    async def __aenter__(self) -> AsyncNoodle:
        self._noodle = await self._open()
        return self._noodle

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._noodle.close()

    async def _open(self) -> AsyncNoodle:
        return AsyncNoodle(await _in_executor(lambda: Noodle(self._dir, self._settings)))


async def _in_executor(work: Callable[[], T]) -> T:
    import asyncio

    return await asyncio.get_running_loop().run_in_executor(None, work)


async def _heard(progress: Callable[[Any], object] | None, work: Callable[[Any], T]) -> T:
    """Run in the executor what reports how far it is. Reports are heard in the event loop, where the function may touch
    what belongs to it; all of them before the answer."""
    if progress is None:
        return await _in_executor(lambda: work(None))
    _native.check_progress(progress)
    import asyncio

    loop = asyncio.get_running_loop()
    raised: list[BaseException] = []
    hears = True

    def hear(report: Any) -> None:
        if hears and not raised:
            try:
                progress(report)
            except BaseException as error:
                # What would end the loop too waits for the operation, as it does without one.
                raised.append(error)

    try:
        answer = await _in_executor(lambda: work(lambda report: loop.call_soon_threadsafe(hear, report)))
    except Exception as error:
        if raised:
            error.__context__ = raised[0]
        raise
    finally:
        # Of a task that was cancelled the work goes on, and nobody listens.
        hears = False
    if raised:
        raise raised[0]
    return answer


def _reading(progress: Callable[[Progress], object] | None) -> Callable[[Any], object] | None:
    """What hears reports as plain values, and hands them on as data classes."""
    if progress is None:
        return None
    _native.check_progress(progress)
    from .types import Progress

    return lambda report: progress(Progress._read(report))


async def next_of(pending: _native.Pending) -> _native.Prediction | None:
    """What comes of a request, once it is there. A task that is cancelled cancels the request."""
    import asyncio

    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()
    if not pending.poll(_waker(loop, done)):
        try:
            await done
        except asyncio.CancelledError:
            pending.cancel()
            raise
        pending.poll(_nothing)
    return pending.result()


async def answer_of(pending: _native.Pending) -> _native.Prediction:
    """The answer to a request."""
    answer = await next_of(pending)
    assert answer is not None
    return answer


def _waker(loop: asyncio.AbstractEventLoop, done: asyncio.Future[None]) -> Callable[[], None]:
    def finish() -> None:
        if not done.done():
            done.set_result(None)

    def wake() -> None:
        try:
            loop.call_soon_threadsafe(finish)
        except RuntimeError:
            # Whoever waited is gone with the loop.
            if not loop.is_closed():
                raise

    return wake


def _nothing() -> None:
    pass
