"""One WebSocket connection of the mock exchange: heartbeats, logins, subscriptions, limits."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

import aiohttp
from aiohttp import web

from venues.mock.declared.streams import Beat, Channel, Connection, Login, Message, StreamRules
from venues.mock.exact import Json, compact, parse
from venues.mock.streams.frames import fits, key_of, made, taken
from venues.mock.streams.login import Logins

HOUR = 3600.0


class Host(Protocol):
    """Who lets visitors in; each of these is explained where `Floor` has it."""

    rules: StreamRules
    now: Callable[[], int]
    frames: list[str]
    silent: bool
    mute: bool
    refusals: dict[str, str]
    hurry: float
    too_fast: int
    unheard: int

    def login_of(self, kinds: list[Connection]) -> tuple[Login, Logins]:
        """Return the rules of a login."""
        ...

    async def entered(self, visit: Visit) -> None:
        """Somebody has come in."""
        ...

    async def subscribed(self, visit: Visit, topic: Json) -> None:
        """Somebody has subscribed."""
        ...


class Visit:
    """Somebody who is connected."""

    def __init__(self, floor: Host, kinds: list[Connection], socket: web.WebSocketResponse, key: str | None) -> None:
        self.topics: dict[str, Json] = {}
        self.logged_in: bool = False
        self.key = key
        self.kinds = kinds
        self._floor = floor
        self._socket = socket
        self._times: deque[float] = deque()
        self._subscribed: deque[float] = deque()
        self._heard = time.monotonic()
        self._answered = time.monotonic()

    @property
    def kind(self) -> Connection:
        """The rules that hold: those for private connections, once that is what it is."""
        return next((kind for kind in self.kinds if kind.login is not None and self.logged_in), self.kinds[0])

    async def run(self) -> None:
        """Serve until somebody leaves."""
        kind = self.kind
        if kind.ready is not None:
            await self.say(made(kind.ready, {"any": "1188041528"}))
        if "greeting" in kind.receive:
            await self.say(made(kind.receive["greeting"], {"any": "success"}))
        await self._floor.entered(self)
        tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._enforce())]
        if kind.server is not None:
            tasks.append(asyncio.create_task(self._ping(kind.server)))
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._socket.close()

    async def say(self, frame: Json) -> None:
        """Send JSON."""
        await self.send(compact(frame))

    async def send(self, text: str) -> None:
        """Send a frame, unless it is silent here."""
        if self._floor.silent or self._socket.closed:
            return
        try:
            if self._floor.rules.gzip:
                await self._socket.send_bytes(gzip.compress(text.encode(), 1))
            else:
                await self._socket.send_str(text)
        except (aiohttp.ClientError, OSError, RuntimeError):
            return

    def drop(self) -> None:
        """Break the connection without a goodbye."""
        transport = self._socket._req.transport if self._socket._req is not None else None
        if transport is not None:
            transport.abort()

    async def leave(self) -> None:
        """Close the connection politely."""
        await self._socket.close(code=1001)

    async def _message(self, message: Message) -> None:
        if message.kind == "text":
            await self.send(str(message.value))
        elif message.kind == "json":
            await self.say(made(message.value, {"id": "1", "time": self._floor.now()}))
        elif not self._floor.silent:
            await (self._socket.ping() if message.value == "ping" else self._socket.pong())

    async def _ping(self, beat: Beat) -> None:
        """Send pings, and end the connection when none is answered."""
        while True:
            await asyncio.sleep(beat.every_ms / 1000 / self._floor.hurry)
            within = beat.within_ms
            if within is not None and time.monotonic() - self._answered > within / 1000 / self._floor.hurry:
                return
            await self._message(beat.send)

    async def _enforce(self) -> None:
        """End the connection when its client says nothing for too long."""
        while True:
            beat = self.kind.client
            within = beat.within_ms if beat is not None else None
            limit = HOUR if within is None else within / 1000 / self._floor.hurry
            rest = self._heard + limit - time.monotonic()
            if rest <= 0:
                self._floor.unheard += 1
                return
            await asyncio.sleep(rest)

    async def _listen(self) -> None:
        async for message in self._socket:
            self._heard = time.monotonic()
            if message.type is aiohttp.WSMsgType.PING:
                if self._hurried():
                    return
                if not self._floor.silent:
                    await self._socket.pong(message.data)
            elif message.type is aiohttp.WSMsgType.PONG:
                self._answered = time.monotonic()
            elif message.type is aiohttp.WSMsgType.TEXT and not await self._heed(message.data):
                return

    async def _heed(self, text: str) -> bool:
        """Do what a frame asks; return whether the connection may stay."""
        self._floor.frames.append(text)
        kind = self.kind
        if self._hurried():
            return False
        if kind.client is not None and kind.client.send.kind == "text" and text == kind.client.send.value:
            if kind.client.answer is not None:
                await self._message(kind.client.answer)
            return True
        if kind.server is not None and kind.server.answer is not None and text == kind.server.answer.value:
            self._answered = time.monotonic()
            return True
        try:
            frame = parse(text)
        except ValueError:
            await self._refuse("", {})
            return True
        await self._command(frame, len(text.encode()))
        return True

    def _hurried(self) -> bool:
        """Whether this was one frame too many."""
        limit = self.kind.messages
        hurried = limit is not None and _more_than(self._times, *limit)
        self._floor.too_fast += hurried
        return hurried

    async def _command(self, frame: Json, size: int) -> None:
        login = next((kind.login for kind in self.kinds if kind.login is not None), None)
        if login is not None and taken(login.send, frame) is not None:
            await self._log_in(frame)
            return
        kind = self.kind
        if kind.client is not None and kind.client.send.kind == "json":
            values = taken(kind.client.send.value, frame)
            if values is not None:
                if kind.client.answer is not None:
                    await self.say(made(kind.client.answer.value, values))
                return
        for action in ("subscribe", "unsubscribe", "list"):
            values = taken(kind.send[action], frame) if action in kind.send else None
            if values is not None:
                await self._act(action, values, size)
                return
        await self._refuse("", {})

    async def _log_in(self, frame: Json) -> None:
        login, logins = self._floor.login_of(self.kinds)
        failure = logins.failure(frame, self._floor.now())
        if failure is None:
            self.logged_in = True
            await self.say(made(login.accepted, {}))
            await self._floor.entered(self)
        else:
            code = login.failures.get(failure, self._floor.rules.unknown_topic)
            await self.say(made(login.refused, {"code": code, "message": self._floor.rules.errors.get(code, failure)}))
            await self.leave()

    async def _act(self, action: str, values: dict[str, Json], size: int) -> None:
        kind = self.kind
        if action == "list":
            await self.say(made(kind.receive["listed"], {**values, "topics": list(self.topics.values())}))
            return
        topics = values["topics"] if "topics" in values else [values.get("topic")]
        if action == "unsubscribe":
            for topic in topics:
                self.topics.pop(key_of(topic), None)
                await self._acknowledge("unsubscribed", values, topic)
            return
        limited = kind.subscriptions is not None and _more_than(self._subscribed, *kind.subscriptions)
        if limited or (kind.size is not None and size > kind.size):
            await self._refuse(self._floor.rules.too_many, values)
            return
        await self._subscribe(topics, values)

    async def _subscribe(self, topics: list[Json], values: dict[str, Json]) -> None:
        wrong = {key_of(topic): code for topic in topics if (code := self._wrong(topic)) is not None}
        for topic in topics:
            if key_of(topic) in wrong:
                await self._refuse(wrong[key_of(topic)], {**values, "topic": topic})
            elif not wrong or "id" not in values:
                self.topics[key_of(topic)] = topic
                await self._acknowledge("subscribed", values, topic)
                await self._floor.subscribed(self, topic)

    def _wrong(self, topic: Json) -> str | None:
        """Return the code with which a topic is refused."""
        kind = self.kind
        if key_of(topic) in self._floor.refusals:
            return self._floor.refusals[key_of(topic)]
        if kind.streams is not None and len(self.topics) >= kind.streams:
            return self._floor.rules.too_many
        mine = {each.name for each in self.kinds}
        fitting = [c for c in self._floor.rules.channels if c.connection in mine and fits(c.topic, topic)]
        if not fitting:
            return self._floor.rules.unknown_topic
        allowed = [channel for channel in fitting if self._may(channel)]
        login = next((each.login for each in self.kinds if each.login is not None), None)
        return None if allowed or login is None else login.failures.get("missing", self._floor.rules.unknown_topic)

    def _may(self, channel: Channel) -> bool:
        kind = next(each for each in self.kinds if each.name == channel.connection)
        return kind.login is None or self.logged_in

    async def _acknowledge(self, meaning: str, values: dict[str, Json], topic: Json) -> None:
        """Answer for one topic, or for all of a frame at once if answers name its number."""
        template = self.kind.receive.get(meaning)
        if template is None or self._floor.mute:
            return
        if "id" in values and topic is not None:
            topics = values.get("topics", [topic])
            if topic != topics[-1]:
                return
        await self.say(made(template, {"topics": [topic], **values, "topic": topic, "any": ""}))

    async def _refuse(self, code: str, values: dict[str, Json]) -> None:
        code = code or self._floor.rules.unknown_topic
        template = self.kind.receive.get("refused")
        if template is not None:
            message = self._floor.rules.errors.get(code, "refused")
            given = {name: value for name, value in values.items() if name in ("id", "topic")}
            await self.say(made(template, {**given, "code": code, "message": message}))


def _more_than(times: deque[float], calls: int, per_ms: int) -> bool:
    now = time.monotonic()
    while times and times[0] <= now - per_ms / 1000:
        times.popleft()
    times.append(now)
    return len(times) > calls
