"""Events as they happen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .types import EventRecord

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator, Iterator
    from types import TracebackType

    from . import _native

__all__ = ["AsyncEvents", "Events", "Lagged"]


@dataclass(frozen=True, slots=True)
class Lagged:
    """So many events were overwritten before they were pulled; they are in the history."""

    events: int


class Events:
    """A place in the stream of events: iterates until it, or its handle, is closed.

    Bounded: whoever pulls too slowly is told by a :class:`Lagged` how much was lost.
    """

    def __init__(self, native: _native.Subscription) -> None:
        self._native = native
        self._ended = False

    def pull(self, timeout: float = 0.0) -> EventRecord | Lagged | None:
        """The next event; None where nothing came within ``timeout`` seconds, or nothing will come any more."""
        pulled = self._native.pull(timeout)
        if pulled is None:
            return None
        if pulled is False:
            self._ended = True
            return None
        if isinstance(pulled, int):
            return Lagged(pulled)
        return EventRecord._read(pulled)

    @property
    def ended(self) -> bool:
        """Whether nothing will come any more."""
        return self._ended

    def close(self) -> None:
        """End the subscription; a pull that waits returns soon."""
        self._native.close()

    def __iter__(self) -> Iterator[EventRecord | Lagged]:
        return self

    def __next__(self) -> EventRecord | Lagged:
        while not self._ended:
            pulled = self.pull(60.0)
            if pulled is not None:
                return pulled
        raise StopIteration

    def __enter__(self) -> Events:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


# How long a thread of the executor waits at a time: a cancelled task keeps it no longer.
_SLICE = 0.2


class AsyncEvents:
    """A place in the stream of events, for ``async for`` in one task at a time."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._pulling: asyncio.Future[EventRecord | Lagged | None] | None = None

    async def pull(self, timeout: float = 0.0) -> EventRecord | Lagged | None:
        """The next event; None where nothing came within ``timeout`` seconds, or nothing will come any more."""
        import asyncio

        # What a cancelled task was waiting for goes to the next one that asks.
        if self._pulling is None:
            self._pulling = asyncio.get_running_loop().run_in_executor(None, self._events.pull, timeout)
        try:
            pulled = await asyncio.shield(self._pulling)
        except asyncio.CancelledError:
            raise
        except BaseException:
            self._pulling = None
            raise
        self._pulling = None
        return pulled

    def close(self) -> None:
        """End the subscription; a pull that waits returns soon."""
        self._events.close()

    def __aiter__(self) -> AsyncIterator[EventRecord | Lagged]:
        return self

    async def __anext__(self) -> EventRecord | Lagged:
        while not self._events.ended:
            pulled = await self.pull(_SLICE)
            if pulled is not None:
                return pulled
        raise StopAsyncIteration

    async def __aenter__(self) -> AsyncEvents:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
