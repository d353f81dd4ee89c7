# Edited in templates/venues/core/streams/event_queue.py; the copy in generated/ is imported.
"""The queue between a connection and a consumer: bounded, with a policy for consumers that are too slow."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any, Generic, Literal, TypeVar

import msgspec

from venues.core.channels.channel import Channel, Gap, Reason
from venues.errors import StreamOverflow

Overflow = Literal["block", "drop_oldest", "raise"]
"""What happens when the queue is full: reading waits, the oldest event is dropped and a `Gap` reported, or the
consumer gets `StreamOverflow`."""

Gaps = dict[tuple[Channel[Any], Reason], Gap]
T = TypeVar("T")


class QueueEnded(Exception):
    """Nothing more will come."""


class EventQueue(Generic[T]):
    """Holds events of one subscription until they are fetched."""

    def __init__(self, size: int, overflow: Overflow) -> None:
        self._head: Gaps = {}
        """Gaps before everything else."""
        self.items: deque[T | Gap] = deque()
        """Events, and gaps between them, the oldest first."""
        self._tail: Gaps = {}
        """Gaps behind everything else."""
        self._gaps = 0
        """How many of the items are gaps; they need no room, for there are never many in a row."""
        self._size = size
        self._overflow = overflow
        self._end: Exception | None = None
        self._consumers: set[asyncio.Future[None]] = set()
        """Done at the next change; one for each that waits for an event."""
        self._room: asyncio.Future[None] | None = None
        """Done when there may be room, if a connection waits for that."""
        self._most = size
        """With fewer items than this, an event is simply put in; 0 while that takes more."""
        self.is_plain: bool = True
        """Whether the first item is simply fetched: only events are there, and no connection waits for room."""
        self.dropped: int = 0
        """How many events were lost because the queue was full."""
        self.reported: int = 0
        """How many of them were reported to hooks."""
        self.waited = 0
        """How often reading waited because the queue was full."""

    def __len__(self) -> int:
        return len(self._head) + len(self.items) + len(self._tail)

    def accept(self, item: T) -> bool:
        """Put an event in where that takes nothing else, which is nearly always; return whether it was put in."""
        if len(self.items) < self._most:
            self.items.append(item)
            if self._consumers:
                self._wake_consumers()
            return True
        return False

    def offer(self, item: T, channel: Channel[Any], at: int) -> bool:
        """Put an event in; return whether there was room, or room was made."""
        if self._end is None and self._is_full():
            if self._overflow == "block":
                return False
            self.dropped += 1
            if self._overflow == "raise":
                self.end(StreamOverflow(f"{channel!r}: more than {self._size} events wait; the consumer is too slow"))
                return True
            self._drop_oldest(channel, at)
        self.put(item)
        return True

    def put(self, item: T) -> None:
        """Put an event in, whether there is room or not."""
        if self._end is None:
            self._move_tail()
            self.items.append(item)
            self._wake_consumers()

    def _is_full(self) -> bool:
        return len(self.items) - self._gaps >= self._size

    def _look(self) -> None:
        """Choose again how to put in and fetch, after anything but events has changed."""
        self._most = 0 if self._tail or self._end is not None else self._size + self._gaps
        self.is_plain = not (self._head or self._tail or self._gaps) and self._room is None

    def _move_tail(self) -> None:
        if self._tail:
            self.items.extend(self._tail.values())
            self._gaps += len(self._tail)
            self._tail.clear()
            self._look()

    def _drop_oldest(self, channel: Channel[Any], at: int) -> None:
        """Lose the oldest event, and report that in its place."""
        while isinstance(first := self.items.popleft(), Gap):
            _add(self._head, first)
            self._gaps -= 1
        # The channel of the lost event, which need not be that of the new one: a subscription may have several.
        whose = getattr(first, "channel", channel)
        _add(self._head, Gap(channel=whose, reason="overflow", missed=1, at=at))
        self._look()

    def report(self, gap: Gap) -> None:
        """Put in a gap; there is always room for that."""
        if self._end is None:
            _add(self._tail, gap)
            self._look()
            self._wake_consumers()

    async def wait_for_room(self) -> None:
        """Wait until there may be room, or until `wake_waiter`."""
        if self._end is None and self._is_full():
            if self._room is None:
                self._room = asyncio.get_running_loop().create_future()
                self._look()
            await asyncio.shield(self._room)

    def wake_waiter(self) -> None:
        """Let the connection that waits for room look again."""
        if self._room is not None:
            self._room.set_result(None)
            self._room = None
            self._look()

    async def get(self) -> T | Gap:
        """Return the next event.

        Raises:
            QueueEnded: if there are none any more.
            VenueError: if the subscription failed.
        """
        while not self:
            if self._end is not None:
                # Only when the queue is empty: what arrived before the end can still be fetched.
                raise self._end
            await self._wait_for_change()
        return self._fetch()

    async def _wait_for_change(self) -> None:
        change: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._consumers.add(change)
        try:
            await change
        finally:
            self._consumers.discard(change)

    def _fetch(self) -> T | Gap:
        """Fetch the next item, which may be a gap, or make room for which a connection waits."""
        if self._head:
            item: T | Gap = self._head.pop(next(iter(self._head)))
        else:
            if not self.items:
                self._move_tail()
            item = self.items.popleft()
            if isinstance(item, Gap):
                self._gaps -= 1
            else:
                self.wake_waiter()
        self._look()
        return item

    def end(self, error: Exception | None = None) -> None:
        """Accept nothing more; what is there can still be fetched."""
        if self._end is None:
            self._end = error or QueueEnded()
            self._look()
            self._wake_consumers()
            self.wake_waiter()

    def _wake_consumers(self) -> None:
        for waiting in self._consumers:
            if not waiting.done():
                waiting.set_result(None)
        self._consumers.clear()  # so that the next event wakes none of them again


def _add(gaps: Gaps, gap: Gap) -> None:
    """Add a gap to others between which there is no event: one that the channel has already is extended."""
    key = gap.channel, gap.reason
    first = gaps.get(key)
    if first is not None:
        missed = None if first.missed is None else first.missed + (gap.missed or 0)
        gap = msgspec.structs.replace(first, next=gap.next, missed=missed, error=gap.error)
    gaps[key] = gap
