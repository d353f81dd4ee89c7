# Edited in templates/venues/core/streams/live_topics.py; the copy in generated/ is imported.
"""The topics of one connection: subscribed to, and given up, on whichever WebSocket it has at the moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from venues import errors
from venues.core.channels.channel import Gap, Reason
from venues.core.streams.connection import Connection
from venues.core.streams.context import Context, now
from venues.core.streams.protocol import ConnectionSpec
from venues.core.streams.reader import FrameReader
from venues.core.streams.topic import Topic
from venues.core.values.time_limit import Overdue, time_limit
from venues.errors import ConnectionLost, RequestTimeout

UNLIMITED = 1_000_000
"""Topics that fit on a connection without a documented bound: more than any API has."""
EARLY_IDLE = 0.8
"""The part of the idle time that the API allows after which a connection without topics is closed."""
PASSING = (errors.RateLimited, errors.ExchangeUnavailable)
"""Why something may be refused that was accepted before, and will be accepted again."""


class LiveTopics:
    """The topics of one connection that stays."""

    def __init__(self, context: Context, spec: ConnectionSpec, on_idle: Callable[[], None]) -> None:
        self.topics: dict[str, Topic] = {}
        self._context = context
        self._spec = spec
        self._on_idle = on_idle
        """Is called where nothing was subscribed to for a while."""
        self._idle_timer: asyncio.TimerHandle | None = None
        self._reader = FrameReader(spec, context.protocol)
        self._additions: set[asyncio.Task[None]] = set()
        """Subscriptions to topics that were added after the connection was opened."""
        self._current: Connection | None = None
        """The WebSocket, while it may be used."""

    @property
    def room(self) -> int:
        """How many more topics it may carry."""
        most = self._spec.limits.streams
        return UNLIMITED if most is None else most - len(self.topics)

    def add(self, topic: Topic) -> None:
        """Add a topic: from now on its pushes are read, and each new connection subscribes to it."""
        if self._idle_timer is not None:
            self._idle_timer.cancel()
            self._idle_timer = None
        self.topics[topic.key] = topic
        self._reader.listen(self.topics.values())

    async def subscribe(self, topics: Sequence[Topic]) -> None:
        """Subscribe to topics that were added after this was opened."""
        if self._current is not None:
            addition = asyncio.create_task(self._try_subscribing(self._current, topics))
            self._additions.add(addition)
            addition.add_done_callback(self._additions.discard)
            # Not awaited directly: canceling one consumer must not cancel it for others who want the same topics.
            await asyncio.wait([addition])
            if not addition.cancelled():
                addition.result()
        await self.await_acceptance(topics)

    async def await_acceptance(self, topics: Sequence[Topic]) -> None:
        """Wait until the exchange accepts.

        Raises:
            ApiError: if it refuses.
            RequestTimeout: if it does not answer.
        """
        try:
            async with time_limit(self._context.timeout):
                # Shielded: a timeout here must not cancel the future, for which other consumers wait.
                await asyncio.gather(*(asyncio.shield(topic.accepted) for topic in topics))
        except Overdue:
            error = RequestTimeout(f"no acknowledgment within {self._context.timeout:g} s")
            self._fail_unanswered(topics, error)
            raise error from None

    def _fail_unanswered(self, topics: Sequence[Topic], error: RequestTimeout) -> None:
        """End topics that the exchange did not answer for, for everyone who waits for them."""
        unanswered = [topic for topic in topics if not topic.accepted.done()]
        for topic in unanswered:
            topic.fail(error)
        self.forget(unanswered)

    def renew(self, topic: Topic) -> None:
        """Get a new snapshot, for a consumer that has joined later."""
        if self._current is not None:
            self._current.subscriber.renew_later(topic)

    async def _try_subscribing(self, connection: Connection, topics: Sequence[Topic]) -> None:
        try:
            await self.subscribe_on(connection, topics)
        except ConnectionLost:
            return  # the next connection subscribes to everything
        except RequestTimeout as error:
            self._fail_unanswered(topics, error)

    def forget(self, topics: Sequence[Topic]) -> None:
        """Read no more pushes of topics, and subscribe to them no more."""
        for topic in topics:
            topic.forgotten = True
            if self.topics.get(topic.key) is topic:
                del self.topics[topic.key]
        self._reader.listen(self.topics.values())
        idle = self._spec.limits.idle
        if idle is not None and not self.topics and self._idle_timer is None:
            self._idle_timer = asyncio.get_running_loop().call_later(idle * EARLY_IDLE, self._on_idle)

    async def unsubscribe(self, topics: Sequence[Topic]) -> None:
        """Unsubscribe from topics that were forgotten; where the connection is lost, that has happened already."""
        if self._current is not None and "unsubscribe" in self._spec.send:
            try:
                asked = [topic for topic in topics if topic.channel.topic is not None]
                await self._current.subscriber.request("unsubscribe", asked)
            except (ConnectionLost, RequestTimeout):
                return

    async def list_topics(self) -> list[object]:
        """Ask the exchange what this connection is subscribed to."""
        if self._current is None:
            raise ConnectionLost("there is no connection")
        return await self._current.subscriber.list_topics()

    async def subscribe_on(self, connection: Connection, topics: Sequence[Topic]) -> None:
        """Subscribe; a topic that is refused fails, and without an answer the connection is of no use."""
        for topic in topics:
            topic.begin()
        for topic in topics:
            if topic.channel.topic is None:  # comes without being subscribed to
                topic.accept()
        asked = [topic for topic in topics if topic.channel.topic is not None]
        refused = await connection.subscriber.request("subscribe", asked) if asked else {}
        for topic in asked:
            error = refused.get(topic.key)
            # Worked before, so the topic is right: connecting again later is better than ending the consumer's stream.
            if isinstance(error, PASSING) and topic.accepted.done():
                raise error
        for topic in asked:
            error = refused.get(topic.key)
            if error is None:
                topic.accept()
            else:
                topic.fail(error)
                self.forget([topic])

    def _report_gap(self, reason: Reason, topics: Sequence[Topic]) -> None:
        for topic in topics:
            if topic.interrupt():
                gap = Gap(channel=topic.channel, reason=reason, last=topic.last, at=now())
                topic.report(gap)
                self._context.gap(gap)
