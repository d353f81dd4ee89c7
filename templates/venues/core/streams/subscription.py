"""Events of some channels, as their consumer sees them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Generic, Protocol, Self, TypeVar

from venues.core.channels.channel import Channel, Gap, UnknownEvent
from venues.core.streams.mailbox import Closed, Mailbox, Overflow
from venues.errors import ConnectionLost

E = TypeVar("E")


class Source(Protocol):
    """Where events come from, as a subscription needs it."""

    async def join(self, box: Mailbox[Any], channels: tuple[Channel[Any], ...]) -> None:
        """Subscribe on behalf of a queue."""
        ...

    async def leave(self, box: Mailbox[Any], channels: Sequence[Channel[Any]]) -> None:
        """Give up what a queue had subscribed to."""
        ...

    def abandon(self, box: Mailbox[Any], channels: Sequence[Channel[Any]]) -> None:
        """Nobody will ever ask a queue again, and nobody said so; may be called from any thread."""
        ...


class Subscription(Generic[E]):
    """Events of some channels, in the order in which they came; made by `streams.subscribe`.

    Iterating subscribes first, if that was not done. Where something may have been missed stands a `Gap`.
    """

    def __init__(self, streams: Source, channels: tuple[Channel[E], ...], queue: int, overflow: Overflow) -> None:
        self._streams = streams
        self._wanted = channels
        self._box: Mailbox[Any] = Mailbox(queue, overflow)
        self._lock = asyncio.Lock()
        self._begun = self._closed = False

    def __del__(self) -> None:
        if self._begun and not self._closed:
            self._streams.abandon(self._box, self._wanted)

    def __repr__(self) -> str:
        return f"<Subscription {', '.join(map(repr, self._wanted))}>"

    @property
    def channels(self) -> tuple[Channel[E], ...]:
        """What is subscribed to."""
        return self._wanted

    @property
    def dropped(self) -> int:
        """How many events were lost because the queue was full."""
        return self._box.dropped

    @property
    def waited(self) -> int:
        """How often the connection was read no further because the queue was full."""
        return self._box.waited

    async def ready(self) -> Self:
        """Subscribe, and await that the exchange accepts.

        Raises:
            ApiError: if it refuses.
            TransportError: if it can't be reached, or says nothing.
        """
        async with self._lock:
            if not self._begun and not self._closed:
                await self._join()
        return self

    async def _join(self) -> None:
        await self._streams.join(self._box, self._wanted)
        self._begun = True
        if self._closed:  # by somebody else, meanwhile
            await self._streams.leave(self._box, self._wanted)

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
            more = tuple(channel for channel in dict.fromkeys(channels) if channel not in self._wanted)
            await self._streams.join(self._box, more)
            self._wanted += more

    async def remove(self, *channels: Channel[E]) -> None:
        """Give some up; what has come already can still be fetched."""
        async with self._lock:
            gone = [channel for channel in channels if channel in self._wanted]
            self._wanted = tuple(channel for channel in self._wanted if channel not in channels)
            await self._streams.leave(self._box, gone)

    async def close(self) -> None:
        """Give everything up; what has come already can still be fetched."""
        if not self._closed:
            self._closed = True
            self._box.end()
            await self._streams.leave(self._box, self._wanted)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> E | Gap | UnknownEvent:
        if not self._begun:
            await self.ready()
        try:
            found: E | Gap | UnknownEvent = await self._box.get()
        except Closed:
            raise StopAsyncIteration from None
        return found

    async def __aenter__(self) -> Self:
        return await self.ready()

    async def __aexit__(self, *_: object) -> None:
        await self.close()
