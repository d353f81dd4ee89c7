"""One thing that a connection is subscribed to: reads its pushes, and knows who listens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec

from venues.core.answer.decode import UNREADABLE, parse
from venues.core.answer.mend import Report
from venues.core.channels.channel import Channel, Event, Gap, UnknownEvent
from venues.core.streams.mailbox import Mailbox
from venues.core.streams.payload import PayloadReader
from venues.core.streams.sequence import Tracker, Verdict
from venues.errors import ConnectionLost

CLOSED = "the streams were closed"
SHOWN = 40
"""How much of an unknown name is told."""
Deviation = Callable[[str, str, str], None]
"""Told once per place: channel, path, what was found there."""
Told = Event[Any, Any] | UnknownEvent
Box = Mailbox[Told]


class Topic:
    """What is subscribed to, on behalf of everybody who listens."""

    def __init__(self, channel: Channel[Any], deviation: Deviation) -> None:
        spec = channel.SPEC
        self.channel = channel
        self.key, self.pushed_key = channel.key, channel.pushed_key
        self.listeners: list[Box] = []
        self.accepted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when the exchange has accepted the subscription for the first time."""
        self.tracker = Tracker(spec.sequence) if spec.sequence else None
        self.live = False
        """Whether something may come: it is subscribed to, and no gap was told since."""
        self.outdated = False
        """Whether a new snapshot is wanted."""
        self.held = False
        """Whether what comes still belongs to a subscription that was given up for a new snapshot."""
        self.forgotten = False
        """Whether it was given up for good."""
        self._spec = spec
        self._fresh = True
        full_name = f"streams.{spec.name}"
        self._note: Report = lambda path, what: deviation(full_name, path, what)
        kinds = dict(spec.events) if spec.payload is None else {"": spec.payload}
        self._readers = {name: PayloadReader(full_name, kind, lax=spec.lax) for name, kind in kinds.items()}
        self._only = self._readers.get("") if spec.payload is not None else None
        self._event = spec.event
        self._always = None if spec.delivers == "snapshot_then_change" else spec.delivers == "snapshot"

    def begin(self) -> None:
        """A new subscription begins: numbers start anew, and the first push may be a snapshot."""
        self._fresh = True
        self.outdated = self.held = False
        if self.tracker is not None:
            self.tracker.forget()

    def hold(self) -> None:
        """The subscription is about to be given up for a new one; nothing of it counts until `begin`."""
        self.held = True

    @property
    def starts_whole(self) -> bool:
        """Whether a new subscription begins with the whole state, which changes follow."""
        return self._always is None

    def accept(self) -> None:
        """The exchange has accepted the subscription."""
        self.live = True
        if not self.accepted.done():
            self.accepted.set_result(None)

    def interrupt(self) -> bool:
        """Nothing comes any more for now; return whether something could come before."""
        live, self.live = self.live, False
        return live

    @property
    def last(self) -> int | None:
        """The number of the newest push."""
        return self.tracker.last if self.tracker is not None else None

    def kind(self, payload: object) -> str | None:
        """Return what a payload says that it is."""
        for step in self._spec.at:
            payload = payload.get(step) if isinstance(payload, dict) else None
        return None if payload is None or not self._spec.at else str(payload)

    def lists(self, kind: str | None) -> bool:
        """Whether the specification lists a kind of payload here."""
        return kind is not None and kind in self._readers

    def read(
        self, raw: bytes | msgspec.Raw, whole: bool | None, time: int | None, now: int
    ) -> tuple[Told, Verdict | None]:
        """Turn a payload into an event.

        Raises:
            DecodeError: if it can't be read.
        """
        reader = self._only or self._reader(raw)
        if isinstance(reader, UnknownEvent):
            return reader, None
        data = reader.read(raw, self._note)
        snapshot = self._is_snapshot(whole)
        tracker = self.tracker
        verdict = None if tracker is None else self._seen(tracker, data, snapshot)
        return self._event(self.channel, data, snapshot, time, now), verdict

    def _seen(self, tracker: Tracker, data: object, snapshot: bool) -> Verdict:
        told = tracker.tells
        verdict = tracker.see(data, snapshot=snapshot)
        if told and not tracker.tells:
            self._note(tracker.spec.last, "numbers that grow by more than was assumed, so that no hole is told,")
        return verdict

    def _reader(self, raw: bytes | msgspec.Raw) -> PayloadReader | UnknownEvent:
        """Return what reads a payload that says what it is."""
        content = parse(bytes(raw))
        name = self.kind(content) or ""
        found = self._readers.get(name)
        if found is not None:
            return found
        self._note(".".join(self._spec.at), f"an unknown event, {name[:SHOWN]!r},")
        return UnknownEvent(self.channel, name, None if content is UNREADABLE else content)

    def _is_snapshot(self, whole: bool | None) -> bool:
        """Whether a push is the whole state."""
        if self._always is not None:
            return self._always
        first, self._fresh = self._fresh, False
        return first if whole is None else whole

    def tell(self, gap: Gap) -> None:
        """Tell everybody who listens that something may have been missed."""
        for box in self.listeners:
            box.tell(gap)

    def fail(self, error: Exception | None) -> None:
        """End: whoever waits for acceptance gets the error, and so does everybody who listens, if there was any."""
        if not self.accepted.done():
            self.accepted.set_exception(error or ConnectionLost(CLOSED))
            self.accepted.exception()  # looked at, so that asyncio does not complain about it
        elif self.accepted.exception() is None:
            for box in self.listeners:
                box.end(error)
