# Edited in templates/venues/mock/streams/connection.py; the copy in generated/ is imported.
"""One client connection to the mock: heartbeats, logins, limits, and what each frame asks for."""

from __future__ import annotations

import asyncio
import time
from collections import deque

import aiohttp
from aiohttp import web

from venues.mock.declared.connections import Beat
from venues.mock.exact import Json, parse
from venues.mock.request.received import RequestRefused
from venues.mock.streams.entry import Entry
from venues.mock.streams.frames import fill_template, id_in, match_template, members_of, topic_key
from venues.mock.streams.subscriber import Host, Subscriber, is_too_many

HOUR = 3600.0
"""Stands for no limit of silence: no test lasts as long."""


class ServedConnection(Subscriber):
    """One client connection to the mock."""

    def __init__(self, server: Host, entry: Entry, socket: web.WebSocketResponse) -> None:
        super().__init__(server, entry, socket)
        self.key: str | None = entry.key
        self._entry = entry
        self._times: deque[float] = deque()
        self._began = server.now()
        self._heard = time.monotonic()
        self._answered = time.monotonic()

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
            ends = await asyncio.gather(*tasks, return_exceptions=True)
            await self._socket.close()
        for end in ends:
            if isinstance(end, BaseException) and not isinstance(end, asyncio.CancelledError):
                raise end

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
            await self._refuse_frame("no_json", {})
            return True
        await self._handle_command(frame, len(text.encode()))
        return True

    def _count_frame(self) -> bool:
        """Count a frame of the client; return whether it was one too many."""
        limit = self.kind.messages
        hurried = limit is not None and is_too_many(self._times, *limit)
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
        await self._refuse_frame("unknown_frame", frame)

    async def _handle_form(self, frame: Json) -> bool:
        """Answer a frame that switches or asks for the form of pushes; return whether it was one."""
        try:
            answer = self._form.answer(frame)
        except (KeyError, TypeError) as error:
            await self._refuse_frame("wrong_value" if isinstance(error, TypeError) else "unknown_property", frame)
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
                self.note_login(ended=True)
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
        self.note_login()
        await self.send_json(fill_template(login.accepted, said))
        await self._server.on_connect(self)
