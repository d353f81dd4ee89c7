# Edited in templates/venues/core/streams/subscriber.py; the copy in generated/ is imported.
"""Subscribes and unsubscribes on one connection: in batches, with an acknowledgment for each topic."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence

from venues.core.streams.context import Context
from venues.core.streams.frames import encode, fill, placeholders
from venues.core.streams.pending import Action, PendingRequest, PendingRequests
from venues.core.streams.protocol import ConnectionSpec
from venues.core.streams.sender import FrameSender
from venues.core.streams.topic import Topic
from venues.core.values.time_limit import Overdue, time_limit
from venues.errors import ConnectionLost, InvalidRequest, RequestTimeout

PAUSE = 5.0
"""Seconds between two renewals of the same topic, so that a feed full of holes is not subscribed to without end."""
LARGE_NUMBER = 10**9
"""A number as long as any that a frame gets, to measure frames with."""


class Subscriber:
    """Asks for topics, gives them up, lists them, and renews those that need a new snapshot."""

    def __init__(self, context: Context, spec: ConnectionSpec, sender: FrameSender, pending: PendingRequests) -> None:
        self._context = context
        self._spec = spec
        self._sender = sender
        self._pending = pending
        self._outdated: asyncio.Queue[Topic] = asyncio.Queue()
        self._renewed_at: dict[str, float] = {}

    async def request(
        self, action: Action, topics: Sequence[Topic], then: Callable[[], None] | None = None
    ) -> dict[str, Exception]:
        """Send as many frames as it takes, and await the answers; return topic → why it was refused.

        Args:
            action: What to ask for.
            topics: For what.
            then: Called for each frame that was accepted, before the exchange's next frame is read.

        Raises:
            ConnectionLost: if the connection breaks before.
            RequestTimeout: if an answer does not come.
        """
        requests: list[PendingRequest] = []
        try:
            for batch in self._batches(action, topics):
                if action == "subscribe":
                    await self._sender.wait_to_subscribe()
                    # That may have taken minutes, in which the user may have given topics up.
                    batch[:] = [topic for topic in batch if not topic.forgotten]
                if batch:
                    requests.append(self._pending.add(action, [topic.key for topic in batch], then))
                    await self._sender.send(encode(self._frame(action, batch, requests[-1].number)))
            for request in requests:
                await self._await_answer(request)
        finally:
            for request in requests:
                self._pending.remove(request)
        return {key: error for request in requests for key, error in request.refused.items()}

    async def list_topics(self) -> list[object]:
        """Ask which topics the connection has.

        Raises:
            InvalidRequest: if the API has no such request.
        """
        if "list" not in self._spec.send:
            raise InvalidRequest("this API can't list what a connection is subscribed to")
        request = self._pending.add("list", ())
        try:
            await self._sender.send(encode(self._frame("list", (), request.number)))
            await self._await_answer(request)
        finally:
            self._pending.remove(request)
        for error in request.refused.values():
            raise error
        return request.topics

    def renew_later(self, topic: Topic) -> None:
        """Get a new snapshot of a topic soon, by subscribing to it again."""
        if not topic.outdated and topic.channel.topic is not None:
            topic.outdated = True
            self._outdated.put_nowait(topic)

    async def renew_forever(self) -> None:
        """Renew topics one after the other, until this is canceled.

        Raises:
            ConnectionLost: if the exchange refuses, for then only a new connection helps.
            RequestTimeout: if it does not answer.
        """
        while True:
            topic = await self._outdated.get()
            await asyncio.sleep(self._renewed_at.get(topic.key, -PAUSE) + PAUSE - time.monotonic())
            self._renewed_at[topic.key] = time.monotonic()
            if topic.listeners and topic.outdated:
                await self._renew(topic)

    async def _renew(self, topic: Topic) -> None:
        topic.hold()
        await self.request("unsubscribe", [topic])
        refused = await self.request("subscribe", [topic], topic.begin)
        for error in refused.values():
            raise ConnectionLost(f"{topic.channel!r} was not subscribed to again: {error}")

    async def _await_answer(self, request: PendingRequest) -> None:
        try:
            async with time_limit(self._context.timeout):
                await request.answered
        except Overdue:
            raise RequestTimeout(f"no acknowledgment within {self._context.timeout:g} s") from None

    def _frame(self, action: str, batch: Sequence[Topic], number: int) -> object:
        topics = [topic.channel.topic for topic in batch]
        values = {"id": self._sender.wire_number(number), "topics": topics, **({"topic": topics[0]} if topics else {})}
        return fill(self._spec.send[action], values)

    def _batches(self, action: str, topics: Sequence[Topic]) -> Iterator[list[Topic]]:
        """Split topics into frames that are not too long."""
        limits = self._spec.limits
        # A frame whose template has `topic` rather than `topics` takes one.
        most = (limits.topics or len(topics)) if "topics" in placeholders(self._spec.send[action]) else 1
        batch: list[Topic] = []
        for topic in topics:
            if batch and (len(batch) >= most or self._is_too_long(action, [*batch, topic])):
                yield batch
                batch = []
            batch.append(topic)
        if batch:
            yield batch

    def _is_too_long(self, action: str, batch: list[Topic]) -> bool:
        size = self._spec.limits.size
        return size is not None and len(encode(self._frame(action, batch, LARGE_NUMBER)).encode()) > size
