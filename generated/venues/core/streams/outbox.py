"""What is sent on one connection: batched, within the API's limits, and with its secrets masked where it is shown."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence

from venues.core.streams.context import Context
from venues.core.streams.frames import encode, fill, names
from venues.core.streams.heart import Heart
from venues.core.streams.pace import Pace
from venues.core.streams.protocol import Connection, Rate
from venues.core.streams.socket import Socket
from venues.core.streams.topic import Topic
from venues.core.streams.waiting import Action, Waiter, Waiting
from venues.errors import ConnectionLost, InvalidRequest, RequestTimeout

MARGIN = 0.3
"""Seconds by which windows are longer here: frames don't all travel equally fast, and one that is lost on its way is sent
again after a fifth of a second."""
LONG = 5.0
"""A pause of more seconds is told."""


class Outbox:
    """Sends frames; of several senders, one after the other."""

    def __init__(self, context: Context, connection: Connection, name: str, waiting: Waiting) -> None:
        self._context = context
        self._connection = connection
        self.name = name
        self._waiting = waiting
        self._messages = Pace(_widened(connection.limits.messages))
        self._subscriptions = Pace(_widened(connection.limits.subscriptions))
        self._lock = asyncio.Lock()
        self._socket: Socket | None = None
        self._heart: Heart | None = None

    def use(self, socket: Socket, heart: Heart) -> None:
        """Send through a new socket from now on."""
        self._socket, self._heart = socket, heart

    def number(self, number: int) -> int | str:
        """Write a frame's number as the API wants it."""
        return str(number) if self._context.protocol.text_ids else number

    async def send(self, text: str, *, shown: str | None = None) -> None:
        """Send a text frame when the limits leave room.

        Raises:
            ConnectionLost: if it can't be sent.
        """
        async with self._lock:
            await self._room(self._messages)
            socket, heart = self._current()
            await socket.send(text)
            heart.sent(time.monotonic())
        if self._context.watched():
            self._context.note(self.name, "sent", self._context.masked(shown or text))

    async def ping(self) -> None:
        """Send a ping of the protocol."""
        async with self._lock:
            await self._room(self._messages)
            socket, heart = self._current()
            await socket.ping()
            heart.sent(time.monotonic())

    async def _room(self, pace: Pace) -> None:
        while wait := pace.wait(time.monotonic()):
            if wait > LONG:
                self._context.note(self.name, "waits", f"{wait:.0f} s, as the API's limits ask for")
            await asyncio.sleep(wait)
        pace.take(time.monotonic())

    def _current(self) -> tuple[Socket, Heart]:
        if self._socket is None or self._heart is None:
            raise ConnectionLost("there is no connection")
        return self._socket, self._heart

    async def ask(
        self, action: Action, topics: Sequence[Topic], then: Callable[[], None] | None = None
    ) -> dict[str, Exception]:
        """Send as many frames as it takes, and await the answers; return topic → why it was refused.

        Args:
            action: What to ask for.
            topics: For what.
            then: Called for each frame that was accepted, before the next one of the exchange is read.

        Raises:
            ConnectionLost: if the connection breaks before.
            RequestTimeout: if an answer does not come.
        """
        waiters: list[Waiter] = []
        try:
            for batch in self._batches(action, topics):
                if action == "subscribe":
                    await self._room(self._subscriptions)
                    batch[:] = [topic for topic in batch if not topic.forgotten]
                if batch:
                    waiters.append(self._waiting.open(action, [topic.key for topic in batch], then))
                    await self.send(encode(self._frame(action, batch, waiters[-1].number)))
            for waiter in waiters:
                await self._answer(waiter)
        finally:
            for waiter in waiters:
                self._waiting.close(waiter)
        return {key: error for waiter in waiters for key, error in waiter.refused.items()}

    async def listed(self) -> list[object]:
        """Ask which topics the connection has.

        Raises:
            InvalidRequest: if the API does not tell that.
        """
        if "list" not in self._connection.send:
            raise InvalidRequest("this API does not tell what a connection is subscribed to")
        waiter = self._waiting.open("list", ())
        try:
            await self.send(encode(self._frame("list", (), waiter.number)))
            await self._answer(waiter)
        finally:
            self._waiting.close(waiter)
        for error in waiter.refused.values():
            raise error
        return waiter.topics

    async def _answer(self, waiter: Waiter) -> None:
        try:
            async with asyncio.timeout(self._context.timeout):
                await waiter.answered
        except TimeoutError:
            raise RequestTimeout(f"no acknowledgement within {self._context.timeout:g} s") from None

    def _frame(self, action: str, batch: Sequence[Topic], number: int) -> object:
        topics = [topic.channel.topic for topic in batch]
        values = {"id": self.number(number), "topics": topics, **({"topic": topics[0]} if topics else {})}
        return fill(self._connection.send[action], values)

    def _batches(self, action: str, topics: Sequence[Topic]) -> Iterator[list[Topic]]:
        """Split topics into frames that are not too long."""
        limits = self._connection.limits
        most = (limits.topics or len(topics)) if "topics" in names(self._connection.send[action]) else 1
        batch: list[Topic] = []
        for topic in topics:
            if batch and (len(batch) >= most or self._too_long(action, [*batch, topic])):
                yield batch
                batch = []
            batch.append(topic)
        if batch:
            yield batch

    def _too_long(self, action: str, batch: list[Topic]) -> bool:
        size = self._connection.limits.size
        return size is not None and len(encode(self._frame(action, batch, 10**9)).encode()) > size


def _widened(rate: Rate | None) -> Rate | None:
    return None if rate is None else Rate(rate.calls, rate.per + MARGIN)
