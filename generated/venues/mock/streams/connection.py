# Edited in templates/venues/mock/streams/connection.py; the copy in generated/ is imported.
"""One client connection to the mock: heartbeats, logins, subscriptions, limits."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import Protocol

import aiohttp
from aiohttp import web

from venues.mock.declared.streams import Beat, Channel, Connection, Login
from venues.mock.exact import Json, parse
from venues.mock.request.received import RequestRefused
from venues.mock.streams.entry import Entry
from venues.mock.streams.frame_socket import FrameSocket, Manner
from venues.mock.streams.frames import fill_template, id_in, is_topic_of, match_template, members_of, topic_key
from venues.mock.streams.login import LoginVerifier
from venues.mock.streams.push_form import PushForm

HOUR = 3600.0
"""Stands for no limit of silence: no test lasts as long."""


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

    async def on_connect(self, connection: ServedConnection) -> None:
        """Send what needs no subscription."""
        ...

    async def on_subscribe(self, connection: ServedConnection, topic: Json) -> None:
        """Send the examples of a topic."""
        ...

    def on_unsubscribe(self) -> None:
        """Take note that topics have gone."""
        ...


class ServedConnection(FrameSocket):
    """One client connection to the mock."""

    def __init__(self, server: Host, entry: Entry, socket: web.WebSocketResponse) -> None:
        super().__init__(server, socket)
        self.topics: dict[str, Json] = {}
        self.logged_in: bool = False
        self.key: str | None = entry.key
        self.kinds: list[Connection] = entry.kinds
        self._entry = entry
        self._form = PushForm(server.rules.combined, entry.combined, entry.times)
        self._server = server
        self._times: deque[float] = deque()
        self._subscribed: deque[float] = deque()
        self._began = server.now()
        self._heard = time.monotonic()
        self._answered = time.monotonic()

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

    def is_too_old(self, now: int) -> bool:
        """Whether the exchange ends it for its age."""
        return self.kind.life_ms is not None and self._began + self.kind.life_ms <= now

    async def run(self) -> None:
        """Serve until the client leaves, or breaks a rule."""
        kind = self.kind
        if kind.ready is not None:
            # `any` is whatever the exchange puts there, such as the number of the connection.
            await self.send_json(fill_template(kind.ready, {"any": "1188041528"}))
        if "greeting" in kind.receive:
            await self.send_json(fill_template(kind.receive["greeting"], {"any": "success"}))
        await self._server.on_connect(self)
        for topic in self._entry.topics:
            self.topics[topic_key(topic)] = topic
            await self._server.on_subscribe(self, topic)
        tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._end_when_silent())]
        if kind.server is not None:
            tasks.append(asyncio.create_task(self._ping(kind.server)))
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._socket.close()

    async def push(self, text: str) -> None:
        """Send a push, in the form that the client wants."""
        await self.send(self._form.in_unit(self._form.written(text, self.kind.receive.get("push"))))

    async def _ping(self, beat: Beat) -> None:
        """Send pings; return when the client has not answered for too long."""
        while True:
            await asyncio.sleep(beat.every_ms / 1000 / self._server.hurry)
            within = beat.within_ms
            if within is not None and time.monotonic() - self._answered > within / 1000 / self._server.hurry:
                return
            await self.send_message(beat.send)

    async def _end_when_silent(self) -> None:
        """Return when the client has sent nothing for too long."""
        while True:
            beat = self.kind.client
            within = beat.within_ms if beat is not None else None
            limit = HOUR if within is None else within / 1000 / self._server.hurry
            rest = self._heard + limit - time.monotonic()
            if rest <= 0:
                self._server.unheard += 1
                return
            await asyncio.sleep(rest)

    async def _listen(self) -> None:
        async for message in self._socket:
            self._heard = time.monotonic()
            if message.type is aiohttp.WSMsgType.PING:
                if self._count_frame():
                    return
                if not self._server.silent:
                    await self._socket.pong(message.data)
            elif message.type is aiohttp.WSMsgType.PONG:
                self._answered = time.monotonic()
            elif message.type is aiohttp.WSMsgType.TEXT and not await self._handle_frame(message.data):
                return

    async def _handle_frame(self, text: str) -> bool:
        """Do what a frame asks for; return whether the connection may stay."""
        self._server.frames.append(text)
        kind = self.kind
        if self._count_frame():
            return False
        if kind.client is not None and kind.client.send.kind == "text" and text == kind.client.send.value:
            if kind.client.answer is not None:
                await self.send_message(kind.client.answer)
            return True
        if kind.server is not None and kind.server.answer is not None and text == kind.server.answer.value:
            self._answered = time.monotonic()
            return True
        try:
            frame = parse(text)
        except ValueError:
            await self._refuse("", {})
            return True
        await self._handle_command(frame, len(text.encode()))
        return True

    def _count_frame(self) -> bool:
        """Count a frame of the client; return whether it was one too many."""
        limit = self.kind.messages
        hurried = limit is not None and _count(self._times, *limit)
        self._server.too_fast += hurried
        return hurried

    async def _handle_command(self, frame: Json, size: int) -> None:
        if self._can_log_in and self._server.login_of(self.kinds)[1].is_login(frame):
            await self._log_in(frame)
            return
        kind = self.kind
        if kind.client is not None and kind.client.send.kind == "json":
            # A heartbeat may say more, such as an id of its own.
            values = match_template(kind.client.send.value, members_of(frame, kind.client.send.value))
            if values is not None:
                if kind.client.answer is not None:
                    await self.send_json(fill_template(kind.client.answer.value, values))
                return
        if await self._handle_form(frame) or await self._handle_further(frame):
            return
        for action in ("subscribe", "unsubscribe", "list"):
            values = match_template(kind.send[action], frame) if action in kind.send else None
            if values is not None:
                await self._handle_topics(action, values, size)
                return
        await self._refuse("", id_in(self.kind.send, frame))

    async def _handle_form(self, frame: Json) -> bool:
        """Answer a frame that switches or asks for the form of pushes; return whether it was one."""
        try:
            answer = self._form.answer(frame)
        except TypeError:
            await self._refuse("", id_in(self.kind.send, frame))
            return True
        if answer is not None:
            await self.send_json(answer)
        return answer is not None

    async def _handle_further(self, frame: Json) -> bool:
        """Answer a frame that our own client never sends; return whether it was one."""
        mine = {kind.name for kind in self.kinds}
        for command in self._server.rules.commands:
            values = match_template(command.send, frame) if command.connection in mine else None
            if values is None:
                continue
            said = {**values, "any": 0, "time": self._server.now()}
            await self.send_json(fill_template(command.answer, said))
            if command.ends_login and self.logged_in:
                self.logged_in = False
                if command.then is not None:
                    await self.send_json(fill_template(command.then, said))
            return True
        return False

    async def _log_in(self, frame: Json) -> None:
        login, logins = self._server.login_of(self.kinds)
        # Clients find their request by the id that the answer repeats, and read `any` as the number of a subscription.
        said = {"any": 0, **id_in({"login": login.send}, frame)}
        try:
            logins.check(frame, self._server.now())
        except RequestRefused as refused:
            rules = self._server.rules
            code = refused.code or login.failures.get(refused.failure, rules.unknown_topic)
            message = rules.errors.get(code, refused.detail)
            await self.send_json(
                fill_template(login.refused, {**said, "code": rules.written_code(code), "message": message})
            )
            await self.leave()
            return
        self.logged_in = True
        await self.send_json(fill_template(login.accepted, said))
        await self._server.on_connect(self)

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
        limited = kind.subscriptions is not None and _count(self._subscribed, *kind.subscriptions)
        if limited or (kind.bytes is not None and size > kind.bytes):
            await self._refuse(self._server.rules.too_many, values)
            return
        await self._subscribe(topics, values)

    async def _subscribe(self, topics: list[Json], values: dict[str, Json]) -> None:
        wrong = {topic_key(topic): code for topic in topics if (code := self._refusal_code(topic)) is not None}
        # An answer that repeats a request's id is for all its topics, so one wrong topic refuses them all.
        for topic in topics:
            if topic_key(topic) in wrong:
                await self._refuse(wrong[topic_key(topic)], {**values, "topic": topic})
            elif not wrong or "id" not in values:
                self.topics[topic_key(topic)] = topic
                await self._acknowledge("subscribed", values, topic)
                await self._server.on_subscribe(self, topic)

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
            return self._server.rules.unknown_topic
        allowed = [channel for channel in fitting if self._is_allowed(channel)]
        if allowed or not self._can_log_in:
            return None
        login, _ = self._server.login_of(self.kinds)
        return login.failures.get("missing", self._server.rules.unknown_topic)

    def _is_allowed(self, channel: Channel) -> bool:
        kind = next(each for each in self.kinds if each.name == channel.connection)
        return kind.login is None or self.logged_in

    async def _acknowledge(self, meaning: str, values: dict[str, Json], topic: Json) -> None:
        """Acknowledge one topic, or all of a frame at once if the answer repeats the frame's id."""
        template = self.kind.receive.get(meaning)
        if template is None or self._server.mute:
            return
        if "id" in values and topic is not None:
            topics = values.get("topics", [topic])
            if topic != topics[-1]:
                return  # the last one acknowledges them all
        await self.send_json(fill_template(template, {"topics": [topic], **values, "topic": topic, "any": ""}))

    async def _refuse(self, code: str, values: dict[str, Json]) -> None:
        code = code or self._server.rules.unknown_topic
        template = self.kind.receive.get("refused")
        if template is not None:
            rules = self._server.rules
            said = {"code": rules.written_code(code), "message": rules.errors.get(code, "refused")}
            given = {name: value for name, value in values.items() if name in ("id", "topic")}
            await self.send_json(fill_template(template, {**given, **said}))


def _count(times: deque[float], calls: int, per_ms: int) -> bool:
    """Count something that happens now; return whether there were more than `calls` within `per_ms`."""
    now = time.monotonic()
    while times and times[0] <= now - per_ms / 1000:
        times.popleft()
    times.append(now)
    return len(times) > calls
