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
        self._events = 0
        """How many of the items are events; gaps need no room."""
        self._size = size
        self._overflow = overflow
        self._end: Exception | None = None
        self._change: asyncio.Future[None] | None = None
        self._room: asyncio.Future[None] | None = None
        self.dropped = 0
        """How many events were lost because the queue was full."""
        self.waited = 0
        """How often reading waited because the queue was full."""

    def __len__(self) -> int:
        return len(self._items)

    def offer(self, item: T, channel: Channel[Any], at: int) -> bool:
        """Put an event in; return whether there was room, or room was made."""
        if self._end is not None:
            return True
        if self._events >= self._size:
            if self._overflow == "block":
                return False
            self.dropped += 1
            if self._overflow == "raise":
                self.end(StreamOverflow(f"{channel!r}: more than {self._size} events wait; the consumer is too slow"))
                return True
            self._drop(channel, at)
        self.put(item)
        return True

    def put(self, item: T) -> None:
        """Put an event in, whether there is room or not."""
        if self._end is None:
            self._items.append(item)
            self._events += 1
            self._wake()

    def _drop(self, channel: Channel[Any], at: int) -> None:
        """Lose the oldest event, and tell it in its place."""
        gaps: list[Gap] = []
        for item in self._items:
            if not isinstance(item, Gap):
                break
            gaps.append(item)
        whose = getattr(self._items[len(gaps)], "channel", channel)
        mine = next((i for i, gap in enumerate(gaps) if gap.reason == "overflow" and gap.channel == whose), len(gaps))
        missed = (gaps[mine].missed or 0) if mine < len(gaps) else 0
        del self._items[len(gaps)]
        self._events -= 1
        told = Gap(channel=whose, reason="overflow", missed=missed + 1, at=at)
        if mine < len(gaps):
            self._items[mine] = told
        else:
            self._items.insert(mine, told)

    def tell(self, gap: Gap) -> None:
        """Put in a gap; there is always room for that."""
        if self._end is None:
            self._items.append(gap)
            self._wake()

    async def room(self) -> None:
        """Wait until there may be room, or somebody nudges."""
        if self._end is None and self._events >= self._size:
            if self._room is None or self._room.done():
                self._room = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._room)

    def nudge(self) -> None:
        """Let whoever waits for room look again."""
        if self._room is not None and not self._room.done():
            self._room.set_result(None)

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
        if not isinstance(item, Gap):
            self._events -= 1
            self.nudge()
        return item

    def end(self, error: Exception | None = None) -> None:
        """Let nothing more in; what is there can still be fetched."""
        if self._end is None:
            self._end = error or Closed()
            self._wake()
            self.nudge()

    def _wake(self) -> None:
        if self._change is not None and not self._change.done():
            self._change.set_result(None)
