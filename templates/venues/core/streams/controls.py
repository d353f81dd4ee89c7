# Edited in templates/venues/core/streams/controls.py; the copy in generated/ is imported.
"""Does what frames ask for that are no pushes: answers, refusals, errors, expired keys, and what can't be read."""

from __future__ import annotations

from venues.core.streams.dispatcher import Dispatcher
from venues.core.streams.entry import Entry
from venues.core.streams.lost import Lost
from venues.core.streams.pending import PendingRequests
from venues.core.streams.pulse import Pulse
from venues.core.streams.reader import ControlFrame, Push
from venues.core.streams.setup import ConnectionSetup
from venues.errors import ApiError

SHOWN = 200
"""How many characters of an unreadable frame are reported."""


class Controls:
    """Obeys the control frames of one connection."""

    def __init__(
        self, setup: ConnectionSetup, entry: Entry, pulse: Pulse, pending: PendingRequests, dispatcher: Dispatcher
    ) -> None:
        self._context = setup.context
        self._name = setup.name
        self._kind = setup.spec.name
        self._keys = setup.address.keys
        self._reader = setup.reader
        self._entry = entry
        self._pulse = pulse
        self._pending = pending
        self._dispatcher = dispatcher

    async def obey(self, control: ControlFrame, frame: bytes) -> None:
        """Do what a frame asks for.

        Raises:
            Lost: if it says that the listen key has expired.
        """
        meaning, values = control.meaning, control.values
        if meaning == "ping":
            await self._pulse.answer(values)
        elif meaning in ("accepted", "ready"):
            self._entry.end()
        elif meaning in ("subscribed", "unsubscribed", "listed"):
            self._pending.accept(meaning, values)
        elif meaning in ("refused", "login_refused"):
            self._refuse(values)
        elif meaning == "failed":
            self._fail_topics(values)
        elif meaning == "expired":
            await self._expire(values, frame)
        elif meaning in ("unread", "broken"):
            self._report_unread(frame)
            # Broken data may have been a push of any topic; a frame that is no data at all was none.
            for topic in self._reader.topics if meaning == "broken" else ():
                self._dispatcher.report_unreadable(topic)

    def _report_unread(self, frame: bytes) -> None:
        text = self._context.mask(frame.decode("utf-8", "replace"))[:SHOWN]
        self._context.note(self._name, "unread", text)
        self._context.deviation(f"streams.{self._kind}", "", "a frame that means nothing")

    def _refuse(self, values: dict[str, object]) -> None:
        # Before the login is accepted, every rejection is that of the login: nothing else was sent.
        if self._entry.is_open:
            self._entry.end(self._context.error("streams.login", values))
            return
        error: ApiError = self._context.error("streams.subscribe", values)
        if not self._pending.refuse(values, error):
            self._context.note(self._name, "unread", str(error))

    def _fail_topics(self, values: dict[str, object]) -> None:
        """Report an error that was pushed instead of data; it refuses a request only if it has the number of one."""
        if self._pending.has_number(values):
            self._refuse(values)
            return
        error: ApiError = self._context.error("streams.push", values)
        topics = self._reader.topics_named(values.get("topic"))
        for topic in topics:
            self._dispatcher.report_failure(topic, error)
        if not topics:
            self._context.note(self._name, "unread", str(error))

    async def _expire(self, values: dict[str, object], frame: bytes) -> None:
        """The listen key has expired: deliver that to who listens for it, and let a new key be made."""
        content = values.get("frame")
        topics = tuple(topic for topic in self._reader.about(content) if topic.lists(topic.kind(content)))
        for topic in topics:
            rest = self._dispatcher.deliver(topic, Push(topics, frame, None, None))
            if rest is not None:
                await rest
        if self._keys is not None:
            self._keys.drop()
        raise Lost("expired", "the listen key has expired")
