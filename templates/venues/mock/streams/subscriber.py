# Edited in templates/venues/mock/streams/subscriber.py; the copy in generated/ is imported.
"""What one client connection is subscribed to, and the answers to what it asks for."""

from __future__ import annotations

import time
from collections import deque
from typing import Protocol

from aiohttp import web

from venues.mock.declared.channels import Channel
from venues.mock.declared.connections import Connection, Login
from venues.mock.exact import Json
from venues.mock.streams.entry import Entry
from venues.mock.streams.frame_socket import FrameSocket, Manner
from venues.mock.streams.frames import fill_template, has_placeholder, id_in, is_topic_of, topic_key
from venues.mock.streams.login import LoginVerifier
from venues.mock.streams.push_form import PushForm


class Host(Manner, Protocol):
    """The part of `StreamServer` that a connection uses; each member is described there."""

    frames: list[str]
    mute: bool
    refusals: dict[str, str]
    hurry: float
    too_fast: int
    unheard: int

    def login_of(self, kinds: list[Connection]) -> tuple[Login, LoginVerifier]:
        """Return the login, and what verifies it."""
        ...

    async def on_connect(self, connection: Subscriber) -> None:
        """Send what needs no subscription."""
        ...

    async def on_subscribe(self, connection: Subscriber, topic: Json) -> None:
        """Send the examples of a topic."""
        ...

    def on_unsubscribe(self) -> None:
        """Note that topics have gone."""
        ...


class Subscriber(FrameSocket):
    """The subscriptions of one connection."""

    def __init__(self, server: Host, entry: Entry, socket: web.WebSocketResponse) -> None:
        super().__init__(server, socket)
        self.topics: dict[str, Json] = {}
        self.logged_in: bool = False
        self.kinds: list[Connection] = entry.kinds
        self._form = PushForm(server.rules.combined, entry.combined, entry.times)
        self._server = server
        self._subscribed: deque[float] = deque()

    def note_login(self, *, ended: bool = False) -> None:
        """Remember that the client has logged in, or that its login has ended."""
        self.logged_in = not ended

    @property
    def kind(self) -> Connection:
        """The rules that apply now: those of private connections after a login."""
        return next((kind for kind in self.kinds if kind.login is not None and self.logged_in), self.kinds[0])

    @property
    def _can_log_in(self) -> bool:
        return any(kind.login is not None for kind in self.kinds)

    def topics_of(self, channel: Channel) -> list[Json]:
        """Return the topics of a channel to which it is subscribed; one that is None where nothing is subscribed to."""
        if channel.connection not in {kind.name for kind in self.kinds} or not self._is_allowed(channel):
            return []
        if channel.topic is None:
            return [None]
        return [topic for topic in self.topics.values() if is_topic_of(channel.topic, topic)]

    async def push(self, text: str) -> None:
        """Send a push, in the form that the client wants."""
        await self.send(self._form.in_unit(self._form.written(text, self.kind.receive.get("push"))))

    async def _handle_topics(self, action: str, values: dict[str, Json], size: int) -> None:
        kind = self.kind
        if action == "list":
            await self.send_json(
                fill_template(kind.receive["listed"], {**values, "topics": list(self.topics.values())})
            )
            return
        topics = values["topics"] if "topics" in values else [values.get("topic")]
        if action == "unsubscribe":
            for topic in topics:
                self.topics.pop(topic_key(topic), None)
                self._server.on_unsubscribe()
                await self._acknowledge("unsubscribed", values, topic)
            return
        limited = kind.subscriptions is not None and is_too_many(self._subscribed, *kind.subscriptions)
        if limited or (kind.bytes is not None and size > kind.bytes):
            await self._refuse(self._server.rules.too_many, values)
            return
        await self._subscribe(topics, values)

    async def _subscribe(self, topics: list[Json], values: dict[str, Json]) -> None:
        wrong = {topic_key(topic): code for topic in topics if (code := self._refusal_code(topic)) is not None}
        accepted: list[Json] = []
        for topic in topics:
            if topic_key(topic) in wrong:
                await self._refuse(wrong[topic_key(topic)], {**values, "topic": topic})
            elif not wrong or self._answers_each("subscribed"):
                self.topics[topic_key(topic)] = topic
                await self._acknowledge("subscribed", values, topic)
                accepted.append(topic)
        # Nothing is pushed before the answer, which may be one for all topics of the frame.
        for topic in accepted:
            await self._server.on_subscribe(self, topic)

    def _answers_each(self, meaning: str) -> bool:
        """Whether each topic of a frame has an answer of its own; otherwise one wrong topic refuses them all."""
        return has_placeholder(self.kind.receive.get(meaning), "topic")

    def _refusal_code(self, topic: Json) -> str | None:
        """Return the code with which a topic is refused; None if it is accepted."""
        kind = self.kind
        if topic_key(topic) in self._server.refusals:
            return self._server.refusals[topic_key(topic)]
        if kind.streams is not None and len(self.topics) >= kind.streams:
            return self._server.rules.too_many
        mine = {each.name for each in self.kinds}
        fitting = [c for c in self._server.rules.channels if c.connection in mine and is_topic_of(c.topic, topic)]
        if not fitting:
            return kind.codes.get("unknown_topic", self._server.rules.unknown_topic)
        allowed = [channel for channel in fitting if self._is_allowed(channel)]
        if allowed or not self._can_log_in:
            return None
        login, _ = self._server.login_of(self.kinds)
        return login.failures.get("missing", self._server.rules.unknown_topic)

    def _is_allowed(self, channel: Channel) -> bool:
        kind = next(each for each in self.kinds if each.name == channel.connection)
        return kind.login is None or self.logged_in

    async def _acknowledge(self, meaning: str, values: dict[str, Json], topic: Json) -> None:
        """Acknowledge one topic, or all of a frame at once if the answer does not name the topic."""
        template = self.kind.receive.get(meaning)
        if template is None or self._server.mute:
            return
        if topic is not None and not self._answers_each(meaning):
            topics = values.get("topics", [topic])
            if topic != topics[-1]:
                return  # the last one acknowledges them all
        await self.send_json(fill_template(template, {"topics": [topic], **values, "topic": topic, "any": ""}))

    async def _refuse_frame(self, why: str, frame: Json) -> None:
        code = self.kind.codes.get(why, self._server.rules.unknown_topic)
        await self._refuse(code, id_in(self.kind.send, frame))

    async def _refuse(self, code: str, values: dict[str, Json]) -> None:
        template = self.kind.receive.get("refused")
        if template is not None:
            rules = self._server.rules
            said = {"code": rules.written_code(code), "message": rules.errors.get(code, "refused")}
            given = {name: value for name, value in values.items() if name in ("id", "topic")}
            await self.send_json(fill_template(template, {**given, **said}))


def is_too_many(times: deque[float], calls: int, per_ms: int) -> bool:
    """Count something that happens now; return whether there were more than `calls` within `per_ms`."""
    # By the real clock: a test that moves the time of the exchange has not sent its frames more slowly.
    now = time.monotonic()
    while times and times[0] <= now - per_ms / 1000:
        times.popleft()
    times.append(now)
    return len(times) > calls
