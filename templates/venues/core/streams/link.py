"""One connection that stays: it connects again when it is lost, logs in, and subscribes to what it had."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from venues import errors
from venues.core.channels.channel import Gap, Reason
from venues.core.streams.address import Address
from venues.core.streams.context import Context, now
from venues.core.streams.inbox import Inbox
from venues.core.streams.outbox import Outbox
from venues.core.streams.protocol import Connection
from venues.core.streams.renewal import Renewals
from venues.core.streams.socket import Refused
from venues.core.streams.talk import Lost, Talk
from venues.core.streams.topic import CLOSED, Topic
from venues.core.streams.waiting import Waiting
from venues.errors import ConnectionLost, RequestTimeout, VenueError
from venues.hooks import logger

LIVED = 10.0
"""A connection that carried everything for so many seconds was a good one."""
FATAL = (errors.AuthenticationFailed, errors.PermissionDenied, errors.AccountRestricted, errors.InvalidRequest)
"""Trouble that connecting again can't mend."""
PASSING = (errors.RateLimited, errors.ExchangeUnavailable)
"""Why something may be refused that was accepted before, and will be again."""
MENDABLE = (VenueError,)
"""Trouble that it may mend; anything else is a mistake in this package, and whoever listens is told."""


class Link:
    """A connection and its topics."""

    def __init__(self, context: Context, connection: Connection, address: Address, number: int) -> None:
        self.topics: dict[str, Topic] = {}
        self.name = f"{connection.name} {number}"
        self._context = context
        self._connection = connection
        self._address = address
        self._inbox = Inbox(connection, context.protocol)
        self._waiting = Waiting()
        self._outbox = Outbox(context, connection, self.name, self._waiting)
        self._renewals = Renewals(self._outbox)
        self._talk = Talk(context, connection, address, self._inbox, self._outbox, self._waiting, self._renewals)
        self._opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._task: asyncio.Task[None] | None = None
        self._asking: set[asyncio.Task[None]] = set()
        """What subscribes to topics that were taken on after this was opened."""
        self._ready = False
        self._settled: float | None = None
        """Since when everything is subscribed to, on the connection that there is."""
        self._clock_set = False
        """Whether the clock was set by the exchange's since it was last let in."""

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
        self._task.add_done_callback(self._over)
        await asyncio.shield(self._opened)

    async def close(self) -> None:
        """Close the connection and end everything that belongs to it."""
        self._waiting.lost(ConnectionLost(CLOSED))
        self._give_up(None)
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, *self._asking, return_exceptions=True)
            self._context.note(self.name, "closed", str(self._address))

    def _over(self, task: asyncio.Task[None]) -> None:
        """Nobody waits for ever where somebody else cancels all tasks, as the end of an event loop does."""
        if task.cancelled():
            self._give_up(ConnectionLost("the task of the connection was cancelled"))

    def expect(self, topic: Topic) -> None:
        """Take a topic on: from now on its pushes are heard, and whenever this connects, it is subscribed to."""
        self.topics[topic.key] = topic
        self._inbox.listen(self.topics.values())

    async def subscribe(self, topics: Sequence[Topic]) -> None:
        """Subscribe to topics that were taken on after this was opened."""
        if self._ready:
            asking = asyncio.create_task(self._try_subscribing(topics))
            self._asking.add(asking)
            asking.add_done_callback(self._asking.discard)
            await asyncio.wait([asking])  # whoever is cancelled here leaves it to others who want the same topics
            if not asking.cancelled():
                asking.result()
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
            silence = RequestTimeout(f"no acknowledgement within {self._context.timeout:g} s")
            self._fail_silent(topics, silence)
            raise silence from None

    def _fail_silent(self, topics: Sequence[Topic], silence: RequestTimeout) -> None:
        """Tell everybody who waits for topics that the exchange says nothing to them."""
        silent = [topic for topic in topics if not topic.accepted.done()]
        for topic in silent:
            topic.fail(silence)
        self.forget(silent)

    def renew(self, topic: Topic) -> None:
        """Get the whole state once more, for somebody who has joined later."""
        if self._ready:
            self._renewals.want(topic)

    async def _try_subscribing(self, topics: Sequence[Topic]) -> None:
        try:
            await self._subscribe(topics)
        except ConnectionLost:
            return  # whoever connects again subscribes to everything
        except RequestTimeout as silence:
            self._fail_silent(topics, silence)

    def forget(self, topics: Sequence[Topic]) -> None:
        """Hear no more of topics, and subscribe to them no more."""
        for topic in topics:
            topic.forgotten = True
            if self.topics.get(topic.key) is topic:
                del self.topics[topic.key]
        self._inbox.listen(self.topics.values())

    async def unsubscribe(self, topics: Sequence[Topic]) -> None:
        """Tell the exchange that topics were forgotten; a lost connection has given them up already."""
        if self._ready and "unsubscribe" in self._connection.send:
            try:
                await self._outbox.ask("unsubscribe", [t for t in topics if t.channel.topic is not None])
            except (ConnectionLost, RequestTimeout):
                return

    async def listed(self) -> list[object]:
        """Ask the exchange what this connection is subscribed to."""
        return await self._outbox.listed()

    async def _live(self) -> None:
        """Connect, and connect again, until it is cancelled, nobody needs it, or there is no hope."""
        attempt = 0
        while True:
            reason, failure = await self._held()
            lived = self._settled is not None and time.monotonic() - self._settled > LIVED
            self._ready, self._settled = False, None
            self._waiting.lost(ConnectionLost(str(failure)))
            if self._skewed(failure):
                continue
            if not self._opened.done() or isinstance(failure, FATAL) or not isinstance(failure, MENDABLE):
                self._give_up(failure)
                return
            attempt = 1 if lived else attempt + 1
            self._context.note(self.name, "lost", str(failure), attempt)
            self._tell(reason)
            if not self.topics:
                return
            if reason != "life":
                await asyncio.sleep(max(self._context.pause(attempt), patience(failure)))

    def _skewed(self, failure: Exception) -> bool:
        """Whether a login was refused because of a wrong clock, which was set now."""
        if self._clock_set or not isinstance(failure, errors.ClockSkew):
            return False
        self._clock_set = True
        return self._context.clock.believe()

    async def _held(self) -> tuple[Reason, Exception]:
        """Hold one connection until its end; return why it ended."""
        try:
            await self._talk.hold(self._welcome)
        except Lost as lost:
            return lost.reason, ConnectionLost(str(lost))
        except VenueError as error:
            return "disconnected", error
        except Exception as error:
            logger.getChild(self._context.api).exception("stream %s failed", self.name)
            return "disconnected", error
        return "disconnected", ConnectionLost("the connection ended")

    async def _welcome(self) -> None:
        """The connection may be used: subscribe to everything."""
        self._ready, self._clock_set = True, False
        self._context.note(self.name, "open", str(self._address))
        if not self._opened.done():
            self._opened.set_result(None)
        await self._subscribe(list(self.topics.values()))
        self._settled = time.monotonic()

    def _give_up(self, error: Exception | None) -> None:
        """End with everything that this carries, so that whoever wants it again gets another connection."""
        if not self._opened.done():
            self._opened.set_exception(error or ConnectionLost(CLOSED))
            self._opened.exception()  # looked at, so that asyncio does not complain about it
        ended = list(self.topics.values())
        self.forget(ended)
        for topic in ended:
            topic.fail(error)
        for asking in self._asking:
            asking.cancel()

    def _tell(self, reason: Reason) -> None:
        for topic in self.topics.values():
            if topic.interrupt():
                gap = Gap(channel=topic.channel, reason=reason, last=topic.last, at=now())
                topic.tell(gap)
                self._context.gap(gap)

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
            if isinstance(error, PASSING) and topic.accepted.done():
                raise error
        for topic in asked:
            error = refused.get(topic.key)
            if error is None:
                topic.accept()
            else:
                topic.fail(error)
                self.forget([topic])


def patience(failure: Exception) -> float:
    """Return the seconds for which the exchange asks to be left alone."""
    asked = failure.retry_after if isinstance(failure, (Refused, errors.RateLimited)) else None
    return asked or 0.0
