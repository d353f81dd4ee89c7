# Edited in templates/venues/core/streams/topic.py; the copy in generated/ is imported.
"""One topic that a connection is subscribed to: reads its pushes, and knows who listens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from venues.core.answer.body import UNREADABLE, parse
from venues.core.answer.mend import Report
from venues.core.channels.channel import Channel, Event, Gap, UnknownEvent
from venues.core.streams.context import MILLISECOND
from venues.core.streams.event_queue import EventQueue
from venues.core.streams.numbering import NEXT, NumberTracker, Verdict
from venues.core.streams.payload import PayloadReader
from venues.errors import ConnectionLost

CLOSED = "the streams were closed"
SHOWN = 40
"""How many characters of an unknown name are reported."""
Deviation = Callable[[str, str, str], None]
"""Called with channel, path, and what was found there; reported once per place."""
Item = Event[Any, Any] | UnknownEvent
Queue = EventQueue[Item]


class Unfinished(NamedTuple):
    """What more a push takes than to be put into queues that have room."""

    topic: Topic
    event: Item
    at: int
    """When it arrived, in milliseconds since 1970."""
    queues: Sequence[Queue]
    """Those into which it was not put."""
    verdict: Verdict = NEXT
    """How it continues those before."""


class Topic:
    """A channel with its arguments, on behalf of everyone who listens to it."""

    def __init__(self, channel: Channel[Any], deviation: Deviation) -> None:
        spec = channel.SPEC
        self.channel = channel
        self.key: str = channel.key
        self.pushed_key: str = channel.pushed_key
        self.listeners: list[Queue] = []
        self.accepted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when the exchange has accepted the subscription for the first time."""
        self.tracker: NumberTracker | None = NumberTracker(spec.sequence) if spec.sequence else None
        self.pushes: int = 0
        """How many pushes have come."""
        self.watchers: set[asyncio.Event] = set()
        """Set at every push."""
        self.live: bool = False
        """Whether pushes may come: it is subscribed to, and the connection was not lost since."""
        self._is_live = asyncio.Event()
        self.outdated: bool = False
        """Whether it waits for a new snapshot."""
        self.held: bool = False
        """Whether pushes still belong to a subscription that was given up for a new snapshot; they are dropped."""
        self.forgotten = False
        """Whether its last listener has gone."""
        self._spec = spec
        self._fresh = True
        full_name = f"streams.{spec.name}"
        self._note: Report = lambda path, what: deviation(full_name, path, what)
        kinds = dict(spec.events) if spec.payload is None else {"": spec.payload}
        self._readers = {
            name: PayloadReader(full_name, kind, lax=spec.lax, also=spec.also, empty_is_missing=spec.empty_is_missing)
            for name, kind in kinds.items()
        }
        self._only = self._readers.get("") if spec.payload is not None else None
        self._event = spec.event
        self._always = None if spec.delivers == "snapshot_then_change" else spec.delivers == "snapshot"

    def begin(self) -> None:
        """Start a new subscription: numbers start again, and the first push may be a snapshot."""
        self._fresh = True
        self.outdated = self.held = False
        if self.tracker is not None:
            self.tracker.forget()

    def hold(self) -> None:
        """Drop what comes until `begin`: the subscription is about to be replaced by a new one."""
        self.held = True

    @property
    def starts_whole(self) -> bool:
        """Whether a new subscription starts with a snapshot, which changes follow."""
        return self._always is None

    @property
    def awaits_snapshot(self) -> bool:
        """Whether nothing has come of this subscription yet."""
        return self._fresh

    async def wait_live(self) -> None:
        """Wait until pushes may come."""
        await self._is_live.wait()

    def accept(self) -> None:
        """Record that the exchange has accepted the subscription."""
        self.live = True
        self._is_live.set()
        if not self.accepted.done():
            self.accepted.set_result(None)

    def interrupt(self) -> bool:
        """Record that nothing comes for now; return whether something could come before."""
        live, self.live = self.live, False
        self._is_live.clear()
        return live

    @property
    def last(self) -> int | None:
        """The number of the newest push."""
        return self.tracker.last if self.tracker is not None else None

    def kind(self, payload: object) -> str | None:
        """Return the kind of event that a payload says it is."""
        for step in self._spec.at:
            payload = payload.get(step) if isinstance(payload, dict) else None
        return None if payload is None or not self._spec.at else str(payload)

    def lists(self, kind: str | None) -> bool:
        """Whether the specification lists a kind of payload here."""
        return kind is not None and kind in self._readers

    def take(self, raw: bytes, whole: bool | None, stamp: int | None) -> Unfinished | None:
        """Read a push and put it into the queues of everyone who listens; return what is left to do, if anything is.

        Args:
            raw: The payload.
            whole: Whether it says that it is the whole state; None if it says nothing about that.
            stamp: The exchange's time of the push, where it has one beside the payload.

        Raises:
            DecodeError: if it can't be read; then nothing was delivered.
        """
        at = time.time_ns() // MILLISECOND
        self.pushes += 1
        if self.watchers:
            self._tell_watchers()
        reader = self._only
        if reader is None:
            found = self._reader(raw)
            if isinstance(found, UnknownEvent):
                return Unfinished(self, found, at, self.listeners)
            reader = found
        data = reader.read(raw, self._note)
        snapshot = self._is_snapshot(whole) if self._always is None else self._always
        event = self._event(self.channel, data, snapshot, stamp, at)
        tracker = self.tracker
        if tracker is not None and not tracker.follows(data):
            verdict = self._check_number(tracker, data, snapshot)
            if verdict is not NEXT:
                return Unfinished(self, event, at, self.listeners, verdict)
        full: list[Queue] | None = None
        for queue in self.listeners:
            if not queue.accept(event):
                full = [*(full or ()), queue]
        return None if full is None else Unfinished(self, event, at, full)

    def _tell_watchers(self) -> None:
        for watcher in self.watchers:
            watcher.set()

    def _check_number(self, tracker: NumberTracker, data: object, snapshot: bool) -> Verdict:
        trusted = tracker.finds_holes
        verdict = tracker.check(data, snapshot=snapshot)
        if trusted and not tracker.finds_holes:
            self._note(tracker.spec.last, "numbers that grow by more than was assumed, so that no gaps are reported,")
        return verdict

    def _reader(self, raw: bytes) -> PayloadReader | UnknownEvent:
        """Return the reader for the kind of event that a payload says it is."""
        content = parse(raw)
        name = self.kind(content) or ""
        found = self._readers.get(name)
        if found is not None:
            return found
        self._note(".".join(self._spec.at), f"an unknown event, {name[:SHOWN]!r},")
        return UnknownEvent(self.channel, name, None if content is UNREADABLE else content)

    def _is_snapshot(self, whole: bool | None) -> bool:
        """Whether a push is the whole state, where both are pushed."""
        # If pushes do not say what they are, the first one after a subscription is the snapshot.
        first, self._fresh = self._fresh, False
        return first if whole is None else whole

    def report(self, gap: Gap) -> None:
        """Report to everyone who listens that something may have been missed."""
        for queue in self.listeners:
            queue.report(gap)

    def fail(self, error: Exception | None) -> None:
        """End the topic: raise the error where its acceptance is awaited, or else at everyone who listens."""
        if not self.accepted.done():
            self.accepted.set_exception(error or ConnectionLost(CLOSED))
            self.accepted.exception()  # retrieved, so that asyncio does not log it as never retrieved
        elif self.accepted.exception() is None:
            for queue in self.listeners:
                queue.end(error)
