"""The queue between a connection and a consumer: bounded, with a policy for consumers that are too slow."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any, Generic, Literal, TypeVar

from venues.core.streams.channel import Channel, Gap
from venues.errors import StreamOverflow

Overflow = Literal["block", "drop_oldest", "raise"]
"""What happens when the queue is full: reading waits, the oldest event is lost and a `Gap` told, or the consumer
gets `StreamOverflow`."""

T = TypeVar("T")


class Closed(Exception):
    """There is nothing more to come."""


class Mailbox(Generic[T]):
    """Holds events of one subscription until they are fetched."""

    def __init__(self, size: int, overflow: Overflow) -> None:
        self._items: deque[T | Gap] = deque()
        self._size = size
        self._overflow = overflow
        self._end: Exception | None = None
        self._change: asyncio.Future[None] | None = None
        self._room: asyncio.Future[None] | None = None
        self.dropped = 0
        """How many events were lost because the queue was full."""

    def __len__(self) -> int:
        return len(self._items)

    def offer(self, item: T, channel: Channel[Any], at: int) -> bool:
        """Put an event in; return whether there was room, or room was made."""
        if self._end is not None:
            return True
        if len(self._items) >= self._size:
            if self._overflow == "block":
                return False
            self.dropped += 1
            if self._overflow == "raise":
                self.end(StreamOverflow(f"{channel!r}: more than {self._size} events wait; the consumer is too slow"))
                return True
            self._drop(channel, at)
        self._items.append(item)
        self._wake()
        return True

    def _drop(self, channel: Channel[Any], at: int) -> None:
        """Lose the oldest event, and tell it in its place."""
        lost: list[Gap] = []
        while self._items and isinstance(first := self._items[0], Gap):
            lost.append(first)
            self._items.popleft()
        if self._items:
            gone = self._items.popleft()
            whose = getattr(gone, "channel", channel)
            mine = next((g for g in lost if g.reason == "overflow" and g.channel == whose), None)
            told = Gap(channel=whose, reason="overflow", missed=((mine.missed or 0) if mine else 0) + 1, at=at)
            lost = [*(gap for gap in lost if gap is not mine), told]
        self._items.extendleft(reversed(lost))

    def tell(self, gap: Gap) -> None:
        """Put in a gap; there is always room for that."""
        if self._end is None:
            self._items.append(gap)
            self._wake()

    async def room(self) -> None:
        """Wait until there is room."""
        while self._end is None and len(self._items) >= self._size:
            if self._room is None or self._room.done():
                self._room = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._room)

    async def get(self) -> T | Gap:
        """Return the next event.

        Raises:
            Closed: if there are none any more.
            VenueError: if the subscription failed.
        """
        while not self._items:
            if self._end is not None:
                raise self._end
            if self._change is None or self._change.done():
                self._change = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._change)
        item = self._items.popleft()
        if self._room is not None and not self._room.done():
            self._room.set_result(None)
        return item

    def end(self, error: Exception | None = None) -> None:
        """Let nothing more in; what is there can still be fetched."""
        if self._end is None:
            self._end = error or Closed()
            self._wake()
            if self._room is not None and not self._room.done():
                self._room.set_result(None)

    def _wake(self) -> None:
        if self._change is not None and not self._change.done():
            self._change.set_result(None)
