"""Sessions and streams, for coroutines."""

from __future__ import annotations

from .handle import _in_executor, answer_of, next_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from types import TracebackType
    from typing import Any

    from . import _native

__all__ = ["AsyncPredictionStream", "AsyncSession", "SessionOpening"]


class AsyncSession:
    """Calls that belong together: each begins with what the one before left."""

    def __init__(self, session: _native.Session) -> None:
        self._session = session

    @property
    def sync(self) -> _native.Session:
        """The same session, for threads."""
        return self._session

    @property
    def served(self) -> _native.Served:
        """Who answers."""
        return self._session.served

    @property
    def version(self) -> str:
        """Version of the model that answers."""
        return self._session.version

    @property
    def closed(self) -> bool:
        """Whether the session is closed."""
        return self._session.closed

    async def predict(
        self,
        inputs: Mapping[str, Any],
        *,
        timeout: float | None = None,
        cancel: _native.CancelToken | None = None,
        priority: int | None = None,
    ) -> _native.Prediction:
        """Answer a call with what the one before left; calls are answered in the order in which they were made. Inputs
        that are carried are not given. A task that is cancelled cancels the call, which then has not happened."""
        return await answer_of(self._session._submit(inputs, timeout, cancel, priority))

    def predict_stream(
        self,
        inputs: Mapping[str, Any],
        *,
        timeout: float | None = None,
        cancel: _native.CancelToken | None = None,
        priority: int | None = None,
    ) -> AsyncPredictionStream:
        """Answer one request many times, beginning with what the call before left, for ``async for``."""
        session = self._session
        return AsyncPredictionStream(
            lambda: session.predict_stream(inputs, timeout=timeout, cancel=cancel, priority=priority)
        )

    async def reset(self) -> None:
        """Begin anew, with zeros, after the calls before it."""
        await _in_executor(self._session.reset)

    async def close(self) -> None:
        """End the session. Twice does no harm."""
        await _in_executor(self._session.close)

    async def __aenter__(self) -> AsyncSession:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"<Async{repr(self._session)[1:]}"


class SessionOpening:
    """A session that is being opened: to be awaited, or for ``async with``."""

    def __init__(self, begin: Callable[[], _native.Session]) -> None:
        self._begin = begin

    def __await__(self) -> Generator[Any, None, AsyncSession]:
        return self._open().__await__()

    async def __aenter__(self) -> AsyncSession:
        self._session = await self._open()
        return self._session

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._session.close()

    async def _open(self) -> AsyncSession:
        return AsyncSession(await _in_executor(self._begin))


class AsyncPredictionStream:
    """The answers to one request, for ``async for`` in one task. Each is made when it is asked for, on the library's own
    threads. A task that is cancelled while it waits ends the stream."""

    def __init__(self, begin: Callable[[], _native.PredictionStream]) -> None:
        self._begin: Callable[[], _native.PredictionStream] | None = begin
        self._stream: _native.PredictionStream | None = None

    def __aiter__(self) -> AsyncPredictionStream:
        return self

    async def __anext__(self) -> _native.Prediction:
        if self._begin is not None:
            begin, self._begin = self._begin, None
            self._stream = await _in_executor(begin)
        answer = None if self._stream is None else await next_of(self._stream._next())
        if answer is None:
            raise StopAsyncIteration
        return answer

    async def close(self) -> None:
        """End the stream. Twice does no harm."""
        self._begin = None
        if self._stream is not None:
            await _in_executor(self._stream.close)

    async def __aenter__(self) -> AsyncPredictionStream:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()
