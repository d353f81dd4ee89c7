# Edited in templates/venues/core/streams/subscription.py; the copy in generated/ is imported.
"""Events of some channels, as their consumer sees them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Generic, Protocol, Self, TypeVar

from venues.core.channels.channel import Channel, Gap, UnknownEvent
from venues.core.streams.event_queue import EventQueue, Overflow, QueueEnded
from venues.core.values.checks import wait_limit
from venues.core.values.time_limit import Overdue, time_limit
from venues.errors import ConnectionLost

E = TypeVar("E")


class EventSource(Protocol):
    """The session, as a subscription needs it."""

    async def join(self, queue: EventQueue[Any], channels: tuple[Channel[Any], ...]) -> None:
        """Subscribe on behalf of a queue."""
        ...

    async def leave(self, queue: EventQueue[Any], channels: Sequence[Channel[Any]]) -> None:
        """Give up what a queue had subscribed to."""
        ...

    def abandon(self, queue: EventQueue[Any], channels: Sequence[Channel[Any]]) -> None:
        """Drop a queue whose subscription was garbage-collected without `close`; may be called from any thread."""
        ...


class Subscription(Generic[E]):
    """Events of some channels, in the order in which they came; made by `streams.subscribe`.

    Iterating subscribes first, if that was not done. Where something may have been missed stands a `Gap`.
    """

    def __init__(self, session: EventSource, channels: tuple[Channel[E], ...], queue: int, overflow: Overflow) -> None:
        self._session = session
        self._channels = channels
        self._queue: EventQueue[Any] = EventQueue(queue, overflow)
        self._lock = asyncio.Lock()
        self._has_joined = self._closed = False

    def __del__(self) -> None:
        if self._has_joined and not self._closed:
            self._session.abandon(self._queue, self._channels)

    def __repr__(self) -> str:
        return f"<Subscription {', '.join(map(repr, self._channels))}>"

    @property
    def channels(self) -> tuple[Channel[E], ...]:
        """What is subscribed to."""
        return self._channels

    @property
    def dropped(self) -> int:
        """How many events were lost because the queue was full."""
        return self._queue.dropped

    @property
    def waited(self) -> int:
        """How often the connection was read no further because the queue was full."""
        return self._queue.waited

    async def ready(self) -> Self:
        """Subscribe, and await that the exchange accepts.

        Raises:
            ApiError: if it refuses.
            TransportError: if it can't be reached, or says nothing.
        """
        async with self._lock:
            if not self._has_joined and not self._closed:
                await self._join()
        return self

    async def _join(self) -> None:
        await self._session.join(self._queue, self._channels)
        self._has_joined = True
        if self._closed:  # by another task, while this one waited
            await self._session.leave(self._queue, self._channels)

    async def add(self, *channels: Channel[E]) -> None:
        """Subscribe to more.

        Raises:
            ApiError: if the exchange refuses; what was subscribed to before goes on.
            TransportError: if it can't be reached, or says nothing, or if this subscription was closed.
        """
        await self.ready()
        async with self._lock:
            if self._closed:
                raise ConnectionLost("this subscription was closed; `streams.subscribe` makes another")
            more = tuple(channel for channel in dict.fromkeys(channels) if channel not in self._channels)
            await self._session.join(self._queue, more)
            self._channels += more

    async def remove(self, *channels: Channel[E]) -> None:
        """Give some up; what has come already can still be fetched."""
        async with self._lock:
            gone = [channel for channel in channels if channel in self._channels]
            self._channels = tuple(channel for channel in self._channels if channel not in channels)
            await self._session.leave(self._queue, gone)

    async def close(self) -> None:
        """Give everything up; what has come already can still be fetched."""
        if not self._closed:
            self._closed = True
            self._queue.end()
            await self._session.leave(self._queue, self._channels)

    async def next(self, timeout: float | None = None) -> E | Gap | UnknownEvent:
        """Return the next event.

        Args:
            timeout: Seconds to wait for it; without it, as long as it takes.

        Raises:
            TimeoutError: if none came in time; it can still be fetched when it comes.
            StopAsyncIteration: if none will come any more.
        """
        try:
            async with time_limit(wait_limit(timeout)):
                return await anext(self)
        except Overdue:
            raise TimeoutError(f"{self!r} got no event within {timeout} s") from None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> E | Gap | UnknownEvent:
        queue = self._queue
        if queue.is_plain and queue.items:  # nearly always, where many come
            there: E | Gap | UnknownEvent = queue.items.popleft()
            return there
        return await self._wait_for_next()

    async def _wait_for_next(self) -> E | Gap | UnknownEvent:
        if not self._has_joined:
            await self.ready()
        try:
            found: E | Gap | UnknownEvent = await self._queue.get()
        except QueueEnded:
            raise StopAsyncIteration from None
        return found

    async def __aenter__(self) -> Self:
        return await self.ready()

    async def __aexit__(self, *_: object) -> None:
        await self.close()
