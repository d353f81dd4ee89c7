"""One open connection, from the handshake to its end: login, heartbeats, and what comes."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable

from venues import errors
from venues.core.channels.channel import Reason
from venues.core.streams.address import Address, ListenKeys
from venues.core.streams.context import Context, now
from venues.core.streams.frames import encode, fill
from venues.core.streams.heart import Heart
from venues.core.streams.inbox import Inbox, Push, Word
from venues.core.streams.login import LoginSigner
from venues.core.streams.outbox import Outbox
from venues.core.streams.protocol import Connection, Message
from venues.core.streams.receiver import Receiver
from venues.core.streams.renewal import Renewals
from venues.core.streams.socket import Refused, Socket
from venues.core.streams.waiting import Waiting
from venues.core.values.secrets import MASK
from venues.errors import ApiError, ConnectionLost, RequestTimeout

TOGETHER = 16
"""After so many frames consumers get their turn: few events in memory at a time are read twice as fast."""
SHOWN = 200
"""How much of a frame that means nothing is told."""
EARLY = 0.97
"""The part of its life after which a connection is replaced."""


class Lost(Exception):
    """The connection is of no use any more."""

    def __init__(self, reason: Reason, detail: str) -> None:
        self.reason: Reason = reason
        super().__init__(detail)


class Talk:
    """Talks to the server on behalf of a link, until one of them has enough."""

    def __init__(
        self,
        context: Context,
        connection: Connection,
        address: Address,
        inbox: Inbox,
        outbox: Outbox,
        waiting: Waiting,
        renewals: Renewals,
    ) -> None:
        self._context = context
        self._connection = connection
        self._address = address
        self._inbox = inbox
        self._outbox = outbox
        self._waiting = waiting
        self._signer = LoginSigner(connection.login, context.given) if connection.login else None
        self._receiver = Receiver(context, outbox.name, waiting)
        self._renewals = renewals
        self._entered: asyncio.Future[None] | None = None

    async def hold(self, welcome: Callable[[], Awaitable[None]]) -> None:
        """Hold one connection from its beginning to its end.

        Args:
            welcome: Called when the connection may be used.

        Raises:
            Lost: when it has come to its end.
            VenueError: if it can't be made, or the login is refused.
        """
        socket = await self._connect()
        limits, beat = self._connection.limits, self._connection.heartbeat
        heart = Heart(beat, time.monotonic())
        self._outbox.use(socket, heart)
        self._entered = asyncio.get_running_loop().create_future()
        tasks = [
            asyncio.create_task(self._receive(socket, heart)),
            asyncio.create_task(self._beat(heart)),
            asyncio.create_task(self._enter(welcome)),
            asyncio.create_task(self._renewals.run()),
        ]
        if limits.life is not None:
            tasks.append(asyncio.create_task(self._age(limits.life)))
        if self._address.keys is not None:
            tasks.append(asyncio.create_task(self._outlive(self._address.keys)))
        try:
            while tasks:
                done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
                self._refuse_entry()
                for task in done:
                    task.result()
                tasks = list(pending)
        finally:
            try:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            finally:  # whoever is cancelled while it is ending closes all the same
                await _closed(socket)

    def _refuse_entry(self) -> None:
        """A refused login is told as such, though the server closes the connection as well."""
        entered = self._entered
        done = entered is not None and entered.done() and not entered.cancelled()
        error = entered.exception() if entered is not None and done else None
        if error is not None:
            raise error

    async def _connect(self) -> Socket:
        context = self._context
        try:
            async with asyncio.timeout(context.timeout):
                url = await self._address.url()
                return await Socket.connect(context.session, url, gzip=context.protocol.gzip)
        except TimeoutError:
            raise errors.ConnectionFailed("no connection was made in time") from None
        except Refused as refused:
            if self._address.keys is not None and refused.blames_us:
                self._address.keys.drop()
            raise

    async def _enter(self, welcome: Callable[[], Awaitable[None]]) -> None:
        """Log in, and subscribe to everything."""
        if self._signer is not None:
            frame = self._signer(self._context.clock(), self._outbox.number(self._waiting.next_number()))
            await self._await_entry(encode(frame))
        elif self._connection.ready:
            await self._await_entry(None)
        self._let_in(None)
        await welcome()

    async def _await_entry(self, login: str | None) -> None:
        assert self._entered is not None
        if login is not None:
            await self._outbox.send(login, shown=f"a login ({MASK})")
        try:
            async with asyncio.timeout(self._context.timeout):
                await self._entered
        except TimeoutError:
            raise RequestTimeout(f"no answer to the login within {self._context.timeout:g} s") from None

    async def _outlive(self, keys: ListenKeys) -> None:
        await keys.ended()
        raise Lost("expired", "the listen key has expired")

    async def _age(self, life: float) -> None:
        await asyncio.sleep(life * EARLY * random.uniform(0.98, 1))  # noqa: S311  # not for secrets
        raise Lost("life", "the connection has reached its age")

    async def _beat(self, heart: Heart) -> None:
        beat = self._connection.heartbeat
        while True:
            await asyncio.sleep(heart.rest(time.monotonic()))
            due = heart.due(time.monotonic())
            if due == "dead":
                raise Lost("silence", "nothing was received for too long")
            if due == "ping" and beat is not None and beat.client is not None:
                try:
                    async with asyncio.timeout(beat.silence):
                        await self._say(beat.client.send, {})
                except TimeoutError:
                    raise Lost("silence", "nothing could be sent for too long") from None

    async def _say(self, message: Message, values: dict[str, object]) -> None:
        if message.kind == "protocol":
            await self._outbox.ping()
        elif message.kind == "text":
            await self._outbox.send(str(message.value))
        else:
            number = self._outbox.number(self._waiting.next_number())
            await self._outbox.send(encode(fill(message.value, {"id": number, "time": now(), **values})))

    async def _receive(self, socket: Socket, heart: Heart) -> None:
        while True:
            for _ in range(TOGETHER):
                try:
                    frame = await socket.receive()
                except ConnectionLost as lost:
                    raise Lost("disconnected", str(lost)) from None
                heart.received(time.monotonic())
                if isinstance(frame, bytes):
                    await self._take(frame, heart)
            await asyncio.sleep(0)

    async def _take(self, frame: bytes, heart: Heart) -> None:
        found = self._inbox.read(frame)
        if isinstance(found, Push):
            for topic in found.topics:
                if not topic.live or (topic.held and found.whole):
                    self._waiting.settle("subscribe", topic.key)
                    topic.accept()
                if not topic.held and await self._receiver.deliver(topic, found, heart):
                    self._renewals.want(topic)
        else:
            await self._heed(found, frame, heart)

    async def _heed(self, word: Word, frame: bytes, heart: Heart) -> None:
        meaning, values = word.meaning, word.values
        beat = self._connection.heartbeat
        if meaning == "ping" and beat is not None and beat.server is not None and beat.server.answer is not None:
            await self._say(beat.server.answer, values)
        elif meaning in ("accepted", "ready"):
            self._let_in(None)
        elif meaning in ("subscribed", "unsubscribed", "listed"):
            self._waiting.accept(meaning, values)
        elif meaning in ("refused", "login_refused"):
            self._refused(values)
        elif meaning == "expired":
            await self._expired(values, frame, heart)
        elif meaning in ("unread", "broken"):
            self._tell_unread(frame)
            for topic in self._inbox.topics if meaning == "broken" else ():
                self._receiver.lose(topic)

    def _tell_unread(self, frame: bytes) -> None:
        text = self._context.masked(frame.decode("utf-8", "replace"))[:SHOWN]
        self._context.note(self._outbox.name, "unread", text)
        self._context.deviation(f"streams.{self._connection.name}", "", "a frame that means nothing")

    def _let_in(self, error: Exception | None) -> None:
        if self._entered is not None and not self._entered.done():
            if error is None:
                self._entered.set_result(None)
            else:
                self._entered.set_exception(error)

    def _refused(self, values: dict[str, object]) -> None:
        if self._entered is not None and not self._entered.done():
            self._let_in(self._context.error("streams.login", values))
            return
        error: ApiError = self._context.error("streams.subscribe", values)
        if not self._waiting.refuse(values, error):
            self._context.note(self._outbox.name, "unread", str(error))

    async def _expired(self, values: dict[str, object], frame: bytes, heart: Heart) -> None:
        """The listen key is over: whoever listens hears it, a new key is made, and a new connection."""
        content = values.get("frame")
        topics = tuple(topic for topic in self._inbox.about(content) if topic.lists(topic.kind(content)))
        for topic in topics:
            await self._receiver.deliver(topic, Push(topics, frame, None, None), heart)
        if self._address.keys is not None:
            self._address.keys.drop()
        raise Lost("expired", "the listen key has expired")


async def _closed(socket: Socket) -> None:
    try:
        await socket.close()
    except (OSError, RuntimeError):
        return
