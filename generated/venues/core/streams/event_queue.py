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
        self._items: deque[T | Gap] = deque()
        self._tail: Gaps = {}
        """Gaps behind everything else."""
        self._events = 0
        """How many of the items are events; gaps need no room, for there are never many in a row."""
        self._size = size
        self._overflow = overflow
        self._end: Exception | None = None
        self._change: asyncio.Future[None] | None = None
        self._room: asyncio.Future[None] | None = None
        self.dropped: int = 0
        """How many events were lost because the queue was full."""
        self.reported: int = 0
        """How many of them were reported to hooks."""
        self.waited = 0
        """How often reading waited because the queue was full."""

    def __len__(self) -> int:
        return len(self._head) + len(self._items) + len(self._tail)

    def offer(self, item: T, channel: Channel[Any], at: int) -> bool:
        """Put an event in; return whether there was room, or room was made."""
        if self._end is not None:
            return True
        if self._events < self._size and not self._tail:  # nearly always
            self._items.append(item)
            self._events += 1
            if self._change is not None:
                self._wake_consumer()
            return True
        if self._events >= self._size:
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
            if self._tail:
                self._move_tail()
            self._items.append(item)
            self._events += 1
            self._wake_consumer()

    def _move_tail(self) -> None:
        self._items.extend(self._tail.values())
        self._tail.clear()

    def _drop_oldest(self, channel: Channel[Any], at: int) -> None:
        """Lose the oldest event, and report that in its place."""
        while isinstance(first := self._items.popleft(), Gap):
            _add(self._head, first)
        self._events -= 1
        # The channel of the lost event, which need not be that of the new one: a subscription may have several.
        whose = getattr(first, "channel", channel)
        _add(self._head, Gap(channel=whose, reason="overflow", missed=1, at=at))

    def report(self, gap: Gap) -> None:
        """Put in a gap; there is always room for that."""
        if self._end is None:
            _add(self._tail, gap)
            self._wake_consumer()

    async def wait_for_room(self) -> None:
        """Wait until there may be room, or until `wake_waiter`."""
        if self._end is None and self._events >= self._size:
            if self._room is None or self._room.done():
                self._room = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._room)

    def wake_waiter(self) -> None:
        """Let the connection that waits for room look again."""
        if self._room is not None and not self._room.done():
            self._room.set_result(None)

    async def get(self) -> T | Gap:
        """Return the next event.

        Raises:
            QueueEnded: if there are none any more.
            VenueError: if the subscription failed.
        """
        while not (self._items or self._head or self._tail):
            if self._end is not None:
                # Only when the queue is empty: what arrived before the end can still be fetched.
                raise self._end
            if self._change is None or self._change.done():
                self._change = asyncio.get_running_loop().create_future()
            # Shielded: a consumer with a timeout cancels its wait, and another one may wait for the same future.
            await asyncio.shield(self._change)
        if self._head:
            return self._head.pop(next(iter(self._head)))
        if not self._items:
            self._move_tail()
        item = self._items.popleft()
        if not isinstance(item, Gap):
            self._events -= 1
            if self._room is not None:
                self.wake_waiter()
        return item

    def end(self, error: Exception | None = None) -> None:
        """Accept nothing more; what is there can still be fetched."""
        if self._end is None:
            self._end = error or QueueEnded()
            self._wake_consumer()
            self.wake_waiter()

    def _wake_consumer(self) -> None:
        waiting, self._change = self._change, None  # so that the next event need not look whether it is done
        if waiting is not None and not waiting.done():
            waiting.set_result(None)


def _add(gaps: Gaps, gap: Gap) -> None:
    """Add a gap to others between which there is no event: one that the channel has already is extended."""
    key = gap.channel, gap.reason
    first = gaps.get(key)
    if first is not None:
        missed = None if first.missed is None else first.missed + (gap.missed or 0)
        gap = msgspec.structs.replace(first, next=gap.next, missed=missed, error=gap.error)
    gaps[key] = gap
