"""One connection that stays: it connects again when it is lost, logs in, and subscribes to what it had."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence

from venues import errors
from venues.core.secrets import MASK
from venues.core.streams.address import Address
from venues.core.streams.channel import Gap, Reason
from venues.core.streams.context import Context, now
from venues.core.streams.frames import encode, fill
from venues.core.streams.heart import Heart
from venues.core.streams.inbox import Inbox, Push, Word
from venues.core.streams.login import LoginSigner
from venues.core.streams.outbox import Outbox
from venues.core.streams.protocol import Connection, Message
from venues.core.streams.receiver import Receiver
from venues.core.streams.socket import Refused, Socket
from venues.core.streams.topic import Topic
from venues.core.streams.waiting import Waiting
from venues.errors import ApiError, ConnectionLost, RequestTimeout, VenueError

LIVED = 10.0
"""A connection that lived for so many seconds was a good one."""
EARLY = 0.97
"""The part of its life after which a connection is replaced."""
FATAL = (errors.AuthenticationFailed, errors.PermissionDenied, errors.AccountRestricted, errors.InvalidRequest)
"""Trouble that connecting again can't mend."""


class Lost(Exception):
    """The connection is of no use any more."""

    def __init__(self, reason: Reason, detail: str) -> None:
        self.reason: Reason = reason
        super().__init__(detail)


class Link:
    """A connection and its topics."""

    def __init__(self, context: Context, connection: Connection, address: Address, number: int) -> None:
        self.topics: dict[str, Topic] = {}
        self.name = f"{connection.name} {number}"
        self._context = context
        self._connection = connection
        self._address = address
        self._signer = LoginSigner(connection.login, context.given) if connection.login else None
        self._inbox = Inbox(connection, context.protocol)
        self._waiting = Waiting()
        self._outbox = Outbox(context, connection, self.name, self._waiting)
        self._receiver = Receiver(context)
        self._opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._entered: asyncio.Future[None] | None = None
        self._task: asyncio.Task[None] | None = None
        self._ready = False
        self._again = asyncio.Event()

    @property
    def room(self) -> int:
        """How many more topics it may carry."""
        most = self._connection.limits.streams
        return 1_000_000 if most is None else most - len(self.topics)

    @property
    def begun(self) -> bool:
        """Whether it was opened."""
        return self._task is not None

    @property
    def alive(self) -> bool:
        """Whether it still tries."""
        return self._task is not None and not self._task.done()

    async def open(self) -> None:
        """Connect for the first time.

        Raises:
            ConnectionFailed: if that can't be done.
            ApiError: if the login is refused.
        """
        self._task = asyncio.create_task(self._live(), name=f"venues stream {self.name}")
        await asyncio.shield(self._opened)

    async def close(self) -> None:
        """Close the connection and end everything that belongs to it."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._waiting.lost(ConnectionLost("the streams were closed"))
        for topic in self.topics.values():
            topic.fail(ConnectionLost("the streams were closed"))

    def expect(self, topic: Topic) -> None:
        """Take a topic on: from now on its pushes are heard, and whenever this connects, it is subscribed to."""
        self.topics[topic.key] = topic
        self._inbox.listen(self.topics.values())

    async def subscribe(self, topics: Sequence[Topic]) -> None:
        """Subscribe to topics that were taken on after this was opened."""
        if self._ready:
            await self._try_subscribing(topics)
        await self.settled(topics)

    async def settled(self, topics: Sequence[Topic]) -> None:
        """Await that the exchange accepts.

        Raises:
            ApiError: if it refuses.
            RequestTimeout: if it says nothing.
        """
        try:
            async with asyncio.timeout(self._context.timeout):
                await asyncio.gather(*(asyncio.shield(topic.accepted) for topic in topics))
        except TimeoutError:
            raise RequestTimeout(f"no acknowledgement within {self._context.timeout:g} s") from None
        finally:
            self._forget([topic for topic in topics if not _accepted(topic)])

    async def _try_subscribing(self, topics: Sequence[Topic]) -> None:
        try:
            await self._subscribe(topics)
        except ConnectionLost:
            return  # whoever connects again subscribes to everything

    async def drop(self, topics: Sequence[Topic]) -> None:
        """Give topics up; a lost connection has given them up already."""
        self._forget(topics)
        if self._ready and "unsubscribe" in self._connection.send:
            try:
                await self._outbox.ask("unsubscribe", [t for t in topics if t.channel.topic is not None])
            except (ConnectionLost, RequestTimeout):
                return

    async def listed(self) -> list[object]:
        """Ask the exchange what this connection is subscribed to."""
        return await self._outbox.listed()

    def _forget(self, topics: Sequence[Topic]) -> None:
        for topic in topics:
            self.topics.pop(topic.key, None)
        self._inbox.listen(self.topics.values())

    async def _live(self) -> None:
        """Connect, and connect again, until it is cancelled or there is no hope."""
        attempt = 0
        while True:
            begun = time.monotonic()
            try:
                await self._session()
            except Lost as lost:
                reason, failure, error = lost.reason, VenueError(str(lost)), None
            except VenueError as found:
                reason, failure, error = "disconnected", found, found
            self._ready = False
            self._waiting.lost(ConnectionLost(str(failure)))
            if error is not None and (not self._opened.done() or isinstance(error, FATAL)):
                self._give_up(error)
                return
            attempt = 1 if time.monotonic() - begun > LIVED else attempt + 1
            self._context.note(self.name, "lost", str(failure), attempt)
            self._tell(reason)
            if reason != "life":
                await asyncio.sleep(self._context.pause(attempt))

    def _give_up(self, error: VenueError) -> None:
        if not self._opened.done():
            self._opened.set_exception(error)
            self._opened.exception()  # looked at, so that asyncio does not complain about it
        for topic in self.topics.values():
            topic.fail(error)

    def _tell(self, reason: Reason) -> None:
        for topic in self.topics.values():
            if topic.interrupt():
                gap = Gap(channel=topic.channel, reason=reason, last=topic.last, at=now())
                topic.tell(gap)
                self._context.gap(gap)

    async def _session(self) -> None:
        """Hold one connection from its beginning to its end; always raises."""
        socket = await self._connect()
        limits, beat = self._connection.limits, self._connection.heartbeat
        heart = Heart(beat, time.monotonic())
        self._outbox.use(socket, heart)
        self._entered = asyncio.get_running_loop().create_future()
        tasks = [
            asyncio.create_task(self._receive(socket, heart)),
            asyncio.create_task(self._beat(heart)),
            asyncio.create_task(self._enter()),
        ]
        if limits.life is not None:
            tasks.append(asyncio.create_task(self._age(limits.life)))
        try:
            while tasks:
                done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
                for task in done:
                    task.result()
                tasks = list(pending)
        finally:
            self._ready = False
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await _closed(socket)

    async def _connect(self) -> Socket:
        context = self._context
        try:
            async with asyncio.timeout(context.timeout):
                url = await self._address.url()
                return await Socket.connect(context.session, url, gzip=context.protocol.gzip)
        except TimeoutError:
            raise errors.ConnectionFailed("no connection was made in time") from None
        except Refused:
            if self._address.keys is not None:
                self._address.keys.drop()
            raise

    async def _enter(self) -> None:
        """Log in, and subscribe to everything."""
        if self._signer is not None:
            frame = self._signer(self._context.clock(), self._waiting.next_number())
            await self._await_entry(encode(frame))
        elif self._connection.ready:
            await self._await_entry(None)
        self._ready = True
        self._context.note(self.name, "open", str(self._address))
        if not self._opened.done():
            self._opened.set_result(None)
        await self._subscribe(list(self.topics.values()))

    async def _await_entry(self, login: str | None) -> None:
        assert self._entered is not None
        if login is not None:
            await self._outbox.send(login, shown=f"a login ({MASK})")
        try:
            async with asyncio.timeout(self._context.timeout):
                await self._entered
        except TimeoutError:
            raise RequestTimeout(f"no answer to the login within {self._context.timeout:g} s") from None

    async def _subscribe(self, topics: Sequence[Topic]) -> None:
        """Subscribe; what is refused fails, what is not answered means that the connection is of no use."""
        for topic in topics:
            topic.begin()
        by_itself = [topic for topic in topics if topic.channel.topic is None]
        for topic in by_itself:
            topic.accept()
        asked = [topic for topic in topics if topic.channel.topic is not None]
        refused = await self._outbox.ask("subscribe", asked) if asked else {}
        for topic in asked:
            error = refused.get(topic.key)
            if error is None:
                topic.accept()
            else:
                topic.fail(error)
                self._forget([topic])

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
                await self._say(beat.client.send, {})

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
            try:
                frame = await socket.receive()
            except ConnectionLost as lost:
                raise Lost("disconnected", str(lost)) from None
            heart.received(time.monotonic())
            if isinstance(frame, bytes):
                await self._take(frame, heart)

    async def _take(self, frame: bytes, heart: Heart) -> None:
        found = self._inbox.read(frame)
        if isinstance(found, Push):
            for topic in found.topics:
                if not topic.live:
                    self._waiting.settle("subscribe", topic.key)
                    topic.accept()
                if await self._receiver.deliver(topic, found, heart):
                    await self._subscribe_anew(topic)
        else:
            await self._heed(found, frame, heart)

    async def _subscribe_anew(self, topic: Topic) -> None:
        """Get a new snapshot; the answers are read by whoever called this, so it must not wait for them here."""
        topic.begin()
        if topic.channel.topic is not None:
            await self._outbox.tell("unsubscribe", [topic])
            await self._outbox.tell("subscribe", [topic])

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
        elif meaning == "unread":
            self._context.note(self.name, "unread", self._context.masked(frame[:200].decode("utf-8", "replace")))

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
            self._context.note(self.name, "unread", str(error))

    async def _expired(self, values: dict[str, object], frame: bytes, heart: Heart) -> None:
        """The listen key is over: whoever listens hears it, a new key is made, and a new connection."""
        topics = self._inbox.about(values.get("frame"))
        push = Push(tuple(t for t in topics if t.lists(values.get("frame"))), frame, None, None)
        for topic in push.topics:
            await self._receiver.deliver(topic, push, heart)
        if self._address.keys is not None:
            self._address.keys.drop()
        raise Lost("expired", "the listen key has expired")


def _accepted(topic: Topic) -> bool:
    return topic.accepted.done() and topic.accepted.exception() is None


async def _closed(socket: Socket) -> None:
    try:
        await socket.close()
    except (OSError, RuntimeError):
        return
