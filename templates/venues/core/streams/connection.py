# Edited in templates/venues/core/streams/connection.py; the copy in generated/ is imported.
"""One WebSocket while it lives, from the handshake to its end: login, heartbeats, and what arrives."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from venues import errors
from venues.core.channels.channel import Reason
from venues.core.streams.address import Address, ListenKeys
from venues.core.streams.context import Context, now
from venues.core.streams.dispatcher import Dispatcher, Miscut
from venues.core.streams.frames import encode, fill
from venues.core.streams.login import LoginSigner
from venues.core.streams.pending import PendingRequests
from venues.core.streams.protocol import ConnectionSpec, Message
from venues.core.streams.reader import ControlFrame, FrameReader, Push
from venues.core.streams.sender import FrameSender, SendingLimits
from venues.core.streams.subscriber import Subscriber
from venues.core.streams.timing import Heartbeat
from venues.core.streams.websocket import HandshakeRefused, WebSocket
from venues.core.values.secrets import MASK
from venues.core.values.time_limit import Overdue, time_limit
from venues.errors import ApiError, ConnectionLost, RequestTimeout

TOGETHER = 16
"""After so many frames consumers get their turn: few events in memory at a time are read twice as fast."""
SHOWN = 200
"""How many characters of an unreadable frame are reported."""
DRAIN = b"drain"
"""The message of a ping whose answer is awaited, unlike those of heartbeats."""


class Lost(Exception):
    """The connection is of no use any more."""

    def __init__(self, reason: Reason, detail: str) -> None:
        self.reason: Reason = reason
        super().__init__(detail)


@dataclass(frozen=True)
class ConnectionSetup:
    """What the successive connections of one supervisor share."""

    context: Context
    spec: ConnectionSpec
    address: Address
    reader: FrameReader
    limits: SendingLimits
    signer: LoginSigner | None
    name: str
    """As the hooks show it: the kind of connection and a number."""


class Connection:
    """One open WebSocket, and everything that ends with it."""

    def __init__(self, setup: ConnectionSetup, socket: WebSocket) -> None:
        context, spec = setup.context, setup.spec
        self._context = context
        self._spec = spec
        self._address = setup.address
        self._reader = setup.reader
        self._signer = setup.signer
        self._name = setup.name
        self._socket = socket
        self._heartbeat = Heartbeat(spec.heartbeat, time.monotonic())
        self._sender = FrameSender(context, setup.name, socket, self._heartbeat, setup.limits)
        self._receiving: asyncio.Task[None] | None = None
        self._drained: asyncio.Future[None] | None = None
        self._entered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when the exchange has let us in, or has refused the login."""
        self.pending: PendingRequests = PendingRequests()
        self.subscriber: Subscriber = Subscriber(context, spec, self._sender, self.pending)
        self.dispatcher: Dispatcher = Dispatcher(context, setup.name, self._heartbeat, self.pending, self.subscriber)

    @classmethod
    async def open(cls, setup: ConnectionSetup) -> Connection:
        """Connect.

        Raises:
            VenueError: if that can't be done.
        """
        return cls(setup, await _connect(setup.context, setup.address))

    async def run(self, welcome: Callable[[Connection], Awaitable[None]]) -> None:
        """Serve the connection until its end, and close it.

        Args:
            welcome: Called when the connection may be used.

        Raises:
            Lost: when it has come to its end.
            VenueError: if the login is refused.
        """
        self._receiving = asyncio.create_task(self._receive())
        tasks = [self._receiving, *(asyncio.create_task(work) for work in self._work(welcome))]
        try:
            while tasks:
                # FIRST_EXCEPTION: the login ends normally, while receiving and heartbeats go on until one fails.
                done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
                self._raise_refusal()
                for task in done:
                    task.result()
                tasks = list(pending)
        finally:
            try:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            finally:  # also where this is canceled a second time, while it waits for its tasks
                await _close_quietly(self._socket)

    def drop(self) -> None:
        """Let go of the socket at once; it is closed already, unless `run` was ended before it began."""
        self._socket.drop()

    def _work(self, welcome: Callable[[Connection], Awaitable[None]]) -> list[Coroutine[Any, Any, None]]:
        """Return what goes on at the same time while the connection lives."""
        work: list[Coroutine[Any, Any, None]] = [self._beat(), self._enter(welcome), self.subscriber.renew_forever()]
        if self._address.keys is not None:
            work.append(self._outlive(self._address.keys))
        return work

    def _raise_refusal(self) -> None:
        """Raise a refused login rather than what follows it: the server closes the connection as well."""
        entered = self._entered
        error = entered.exception() if entered.done() and not entered.cancelled() else None
        if error is not None:
            raise error

    async def _enter(self, welcome: Callable[[Connection], Awaitable[None]]) -> None:
        """Log in where that is needed, and say that the connection may be used."""
        if self._signer is not None:
            # Signed now and not earlier: the exchange accepts a login for some seconds after its time.
            frame = self._signer(self._context.clock(), self._sender.wire_number(self.pending.next_number()))
            await self._sender.send(encode(frame), shown=f"a login ({MASK})")
        if self._signer is not None or self._spec.ready:
            await self._await_entry()
        self._end_entry(None)
        await welcome(self)

    async def _await_entry(self) -> None:
        try:
            async with time_limit(self._context.timeout):
                await self._entered
        except Overdue:
            raise RequestTimeout(f"no answer to the login within {self._context.timeout:g} s") from None

    def _end_entry(self, error: Exception | None) -> None:
        if self._entered.done():
            return
        if error is None:
            self._entered.set_result(None)
        else:
            self._entered.set_exception(error)

    async def _outlive(self, keys: ListenKeys) -> None:
        await keys.wait_for_end()
        raise Lost("expired", "the listen key has expired")

    async def drain(self) -> bool:
        """Wait until everything was read that the exchange has sent so far; return whether that is certain.

        The answer to a ping comes behind what was sent before, so reading it proves that nothing else is on its way.
        """
        self._drained = asyncio.get_running_loop().create_future()
        try:
            async with time_limit(self._context.timeout):
                await self._sender.ping(DRAIN)
                await self._drained
        except Overdue:
            return False
        return True

    async def stop_reading(self) -> None:
        """Deliver nothing more; the connection then ends."""
        if self._receiving is not None:
            self._receiving.cancel()
            await asyncio.wait([self._receiving])

    async def _beat(self) -> None:
        spec = self._spec.heartbeat
        while True:
            await asyncio.sleep(self._heartbeat.rest(time.monotonic()))
            due = self._heartbeat.due(time.monotonic())
            if due == "dead":
                raise Lost("silence", "nothing was received for too long")
            if due == "ping" and spec is not None and spec.client is not None:
                try:
                    # A dead peer takes no bytes: once the buffers are full, sending waits without end.
                    async with time_limit(spec.silence):
                        await self._say(spec.client.send, {})
                except Overdue:
                    raise Lost("silence", "nothing could be sent for too long") from None

    async def _say(self, message: Message, values: dict[str, object]) -> None:
        if message.kind == "protocol":
            await self._sender.ping()
        elif message.kind == "text":
            await self._sender.send(str(message.value))
        else:
            number = self._sender.wire_number(self.pending.next_number())
            await self._sender.send(encode(fill(message.value, {"id": number, "time": now(), **values})))

    async def _receive(self) -> None:
        while True:
            for _ in range(TOGETHER):
                try:
                    frame = await self._socket.receive()
                except ConnectionLost as lost:
                    raise Lost("disconnected", str(lost)) from None
                # Any frame proves that the other side lives, not only the answer to a ping.
                self._heartbeat.note_received(time.monotonic())
                if isinstance(frame, bytes):
                    found = self._reader.read(frame)
                    try:
                        rest = self.dispatcher.dispatch(found) if type(found) is Push else self._take(found, frame)
                    except Miscut:
                        rest = self._take(self._reader.read_whole(frame), frame)
                    if rest is not None:
                        await rest
                elif self._drained is not None and self._socket.last_pong == DRAIN and not self._drained.done():
                    self._drained.set_result(None)
            # `receive` does not yield while frames are buffered, so consumers would starve without this.
            await asyncio.sleep(0)

    def _take(self, found: Push | ControlFrame, frame: bytes) -> Coroutine[Any, Any, None] | None:
        """Do what a frame asks for; return what of that has to be awaited."""
        return self.dispatcher.dispatch(found) if isinstance(found, Push) else self._obey(found, frame)

    async def _obey(self, control: ControlFrame, frame: bytes) -> None:
        meaning, values = control.meaning, control.values
        spec = self._spec.heartbeat
        if meaning == "ping" and spec is not None and spec.server is not None and spec.server.answer is not None:
            await self._say(spec.server.answer, values)
        elif meaning in ("accepted", "ready"):
            self._end_entry(None)
        elif meaning in ("subscribed", "unsubscribed", "listed"):
            self.pending.accept(meaning, values)
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
                self.dispatcher.report_unreadable(topic)

    def _report_unread(self, frame: bytes) -> None:
        text = self._context.mask(frame.decode("utf-8", "replace"))[:SHOWN]
        self._context.note(self._name, "unread", text)
        self._context.deviation(f"streams.{self._spec.name}", "", "a frame that means nothing")

    def _refuse(self, values: dict[str, object]) -> None:
        # Before the login is accepted, every rejection is that of the login: nothing else was sent.
        if not self._entered.done():
            self._end_entry(self._context.error("streams.login", values))
            return
        error: ApiError = self._context.error("streams.subscribe", values)
        if not self.pending.refuse(values, error):
            self._context.note(self._name, "unread", str(error))

    def _fail_topics(self, values: dict[str, object]) -> None:
        """Report an error that was pushed instead of data; it refuses a request only if it has the number of one."""
        if self.pending.has_number(values):
            self._refuse(values)
            return
        error: ApiError = self._context.error("streams.push", values)
        topics = self._reader.topics_named(values.get("topic"))
        for topic in topics:
            self.dispatcher.report_failure(topic, error)
        if not topics:
            self._context.note(self._name, "unread", str(error))

    async def _expire(self, values: dict[str, object], frame: bytes) -> None:
        """The listen key has expired: deliver that to who listens for it, and let a new key be made."""
        content = values.get("frame")
        topics = tuple(topic for topic in self._reader.about(content) if topic.lists(topic.kind(content)))
        for topic in topics:
            await self.dispatcher.deliver(topic, Push(topics, frame, None, None))
        if self._address.keys is not None:
            self._address.keys.drop()
        raise Lost("expired", "the listen key has expired")


async def _connect(context: Context, address: Address) -> WebSocket:
    url = await address.url()  # may call the REST API, which has time limits of its own
    try:
        async with time_limit(context.timeout):
            return await WebSocket.connect(context.session, url, gzip=context.protocol.gzip, network=context.network)
    except Overdue:
        raise errors.ConnectionFailed("no answer to the handshake in time") from None
    except HandshakeRefused as refused:
        # An exchange that has forgotten the listen key refuses the address; only a new key helps then.
        if address.keys is not None and refused.blames_us:
            address.keys.drop()
        raise


async def _close_quietly(socket: WebSocket) -> None:
    try:
        await socket.close()
    except (OSError, RuntimeError):
        return
