"""Events of some channels, as their consumer sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from venues.core.streams.channel import Channel, Gap, UnknownEvent
from venues.core.streams.mailbox import Closed, Mailbox, Overflow

if TYPE_CHECKING:
    from venues.core.streams.session import Streams

E = TypeVar("E")


class Subscription(Generic[E]):
    """Events of some channels, in the order in which they came; made by `streams.subscribe`.

    Iterating subscribes first, if that was not done. Where something may have been missed stands a `Gap`.
    """

    def __init__(self, streams: Streams, channels: tuple[Channel[E], ...], queue: int, overflow: Overflow) -> None:
        self._streams = streams
        self._wanted = channels
        self._box: Mailbox[Any] = Mailbox(queue, overflow)
        self._begun = False

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

    async def ready(self) -> Self:
        """Subscribe, and await that the exchange accepts.

        Raises:
            ApiError: if it refuses.
            TransportError: if it can't be reached, or says nothing.
        """
        if not self._begun:
            self._begun = True
            await self._streams.join(self._box, self._wanted)
        return self

    async def add(self, *channels: Channel[E]) -> None:
        """Subscribe to more."""
        await self.ready()
        more = tuple(channel for channel in dict.fromkeys(channels) if channel not in self._wanted)
        await self._streams.join(self._box, more)
        self._wanted += more

    async def remove(self, *channels: Channel[E]) -> None:
        """Give some up."""
        await self._streams.leave(self._box, [channel for channel in channels if channel in self._wanted])
        self._wanted = tuple(channel for channel in self._wanted if channel not in channels)

    async def close(self) -> None:
        """Give everything up; what has come already can still be fetched."""
        self._box.end()
        await self._streams.leave(self._box, self._wanted)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> E | Gap | UnknownEvent:
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
