"""`client.streams()`: subscriptions, and the connections that they need."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, Self, TypeVar, overload

from venues.core.channels.channel import Channel
from venues.core.outcome.clock import ClockSync
from venues.core.streams.address import Ask
from venues.core.streams.context import Context
from venues.core.streams.link import Link
from venues.core.streams.links import Links
from venues.core.streams.mailbox import Mailbox, Overflow
from venues.core.streams.protocol import Protocol
from venues.core.streams.socket import new_session
from venues.core.streams.subscription import Subscription
from venues.core.streams.topic import Topic
from venues.core.values.secrets import Secret
from venues.errors import ConnectionLost, InvalidRequest
from venues.hooks import Hooks
from venues.retry import Retry

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
QUEUE = 1000
GRACE = 1.0
"""Seconds after which the exchange is told that nobody listens to a channel any more, where nobody said so."""


class Streams:
    """The WebSocket streams of an API; made by `client.streams()`, used as `async with`."""

    def __init__(
        self,
        api: str,
        protocol: Protocol,
        *,
        base: str,
        given: Mapping[str, Secret],
        clock: ClockSync,
        hooks: Hooks,
        deviation: Callable[[str, str, str], None],
        ask: Ask,
        timeout: float,
        reconnect: Retry,
    ) -> None:
        self._api = api
        self._protocol = protocol
        self._base = base
        self._given = given
        self._clock = clock
        self._hooks = hooks
        self._deviation = deviation
        self._timeout = timeout
        self._reconnect = reconnect
        self._links = Links(self._context, base, ask)
        self._lock = asyncio.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._sweep: asyncio.TimerHandle | None = None
        self._closed = False

    def __repr__(self) -> str:
        return f"<Streams of {self._api} at {self._base}>"

    @overload
    def subscribe(self, a: Channel[A], /, *, queue: int = ..., overflow: Overflow = ...) -> Subscription[A]: ...
    @overload
    def subscribe(
        self, a: Channel[A], b: Channel[B], /, *, queue: int = ..., overflow: Overflow = ...
    ) -> Subscription[A | B]: ...
    @overload
    def subscribe(
        self, a: Channel[A], b: Channel[B], c: Channel[C], /, *, queue: int = ..., overflow: Overflow = ...
    ) -> Subscription[A | B | C]: ...
    @overload
    def subscribe(
        self,
        a: Channel[A],
        b: Channel[B],
        c: Channel[C],
        d: Channel[D],
        /,
        *,
        queue: int = ...,
        overflow: Overflow = ...,
    ) -> Subscription[A | B | C | D]: ...
    @overload
    def subscribe(self, *channels: Channel[A], queue: int = ..., overflow: Overflow = ...) -> Subscription[A]: ...

    def subscribe(self, *channels: Channel[Any], queue: int = QUEUE, overflow: Overflow = "block") -> Subscription[Any]:
        """Subscribe to channels.

        Args:
            *channels: From the API's `streams.channels`.
            queue: How many events may wait for you.
            overflow: What happens when more come: `block` reads no further until you have caught up (and holds up
                everything else on that connection, so that the exchange may end it), `drop_oldest` loses the oldest and tells a `Gap`, `raise` ends
                the subscription with `StreamOverflow`.

        Raises:
            InvalidRequest: if there is no channel, or an option is wrong.
            ConnectionLost: if the streams were closed.
        """
        self._check_open()
        self._check(channels)
        if not channels:
            raise InvalidRequest("there is no channel to subscribe to")
        if queue < 1:
            raise InvalidRequest(f"queue is {queue}; the least is 1")
        if overflow not in ("block", "drop_oldest", "raise"):
            raise InvalidRequest(f"overflow is {overflow!r}; it may be block, drop_oldest, raise")
        return Subscription(self, tuple(dict.fromkeys(channels)), queue, overflow)

    async def listed(self) -> list[str]:
        """Ask the exchange what the open connections are subscribed to, where the API tells that."""
        self._check_open()
        return [str(topic) for link in list(self._links) for topic in await link.listed()]

    @property
    def connections(self) -> tuple[str, ...]:
        """The names of the connections that there are."""
        return tuple(link.name for link in self._links)

    async def join(self, box: Mailbox[Any], channels: tuple[Channel[Any], ...]) -> None:
        """Subscribe on behalf of a queue; `Subscription` calls this."""
        self._check_open()
        self._check(channels)
        self._loop = asyncio.get_running_loop()
        try:
            for connection in dict.fromkeys(channel.SPEC.connection for channel in channels):
                mine = [channel for channel in channels if channel.SPEC.connection == connection]
                await self._join_kind(box, connection, mine)
        except BaseException:
            self._later(self._give_up(self._withdraw(box, channels)))
            raise

    async def _join_kind(self, box: Mailbox[Any], kind: str, channels: list[Channel[Any]]) -> None:
        known: list[Topic] = []
        new: dict[Link, list[Topic]] = {}
        async with self._lock:
            self._check_open()
            for channel in channels:
                topic = self._links.topic(channel)
                if topic is None:
                    link = self._links.roomy(kind)
                    topic = Topic(channel, self._links.context.deviation)
                    link.expect(topic)
                    new.setdefault(link, []).append(topic)
                else:
                    known.append(topic)
                topic.listeners.append(box)
            opened = [link for link in new if not link.begun]
            await self._links.open(opened)
        await asyncio.gather(
            *(link.settled(topics) if link in opened else link.subscribe(topics) for link, topics in new.items()),
            *(self._share(topic) for topic in known),
        )

    async def _share(self, topic: Topic) -> None:
        """Await that somebody else's subscription is accepted; if it began with the whole state, get that again."""
        late = topic.accepted.done()
        await asyncio.shield(topic.accepted)
        if late and topic.starts_whole:
            for link in self._links.of(topic.channel.SPEC.connection):
                if link.topics.get(topic.key) is topic:
                    link.renew(topic)

    async def leave(self, box: Mailbox[Any], channels: Sequence[Channel[Any]]) -> None:
        """Give up what a queue had subscribed to; `Subscription` calls this."""
        await self._give_up(self._withdraw(box, channels))

    def abandon(self, box: Mailbox[Any], channels: Sequence[Channel[Any]]) -> None:
        """Nobody will ever ask a queue again, and nobody said so; may be called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._abandoned, box, channels)

    def _abandoned(self, box: Mailbox[Any], channels: Sequence[Channel[Any]]) -> None:
        box.end()
        for topic in self._heard(box, channels):
            topic.listeners.remove(box)
        if self._sweep is None and not self._closed:
            self._sweep = asyncio.get_running_loop().call_later(GRACE, self._swept)

    def _swept(self) -> None:
        self._sweep = None
        unheard = {link: [topic for topic in link.topics.values() if not topic.listeners] for link in self._links}
        self._later(self._give_up(unheard))

    def _heard(self, box: Mailbox[Any], channels: Sequence[Channel[Any]]) -> list[Topic]:
        """Return the topics of channels to which a queue listens."""
        found = map(self._links.topic, channels)
        return [topic for topic in found if topic is not None and box in topic.listeners]

    def _withdraw(self, box: Mailbox[Any], channels: Sequence[Channel[Any]]) -> dict[Link, list[Topic]]:
        """Let a queue listen no more; return what nobody listens to now."""
        mine = self._heard(box, channels)
        for topic in mine:
            topic.listeners.remove(box)
        return {
            link: [topic for topic in mine if not topic.listeners and link.topics.get(topic.key) is topic]
            for kind in dict.fromkeys(channel.SPEC.connection for channel in channels)
            for link in self._links.of(kind)
        }

    async def _give_up(self, unheard: Mapping[Link, Sequence[Topic]]) -> None:
        concerned = {link: topics for link, topics in unheard.items() if topics}
        for link, topics in concerned.items():
            link.forget(topics)
        await asyncio.gather(*(link.unsubscribe(topics) for link, topics in concerned.items()))

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that nobody waits for."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _check(self, channels: Sequence[object]) -> None:
        for channel in channels:
            if not isinstance(channel, Channel):
                example = "one of `streams.channels` with its arguments, as `channels.Ticker(symbol=…)`"
                raise InvalidRequest(f"{channel!r} is no channel; give {example}")
            if channel.api != self._api:
                raise InvalidRequest(f"{channel!r} is a channel of {channel.api}, and these are streams of {self._api}")

    def _check_open(self) -> None:
        if self._closed:
            raise ConnectionLost("these streams were closed; `client.streams()` opens others")

    def _context(self) -> Context:
        return Context(
            api=self._api,
            protocol=self._protocol,
            given=self._given,
            clock=self._clock,
            hooks=self._hooks,
            told=self._deviation,
            session=new_session(self._clock.hear),
            timeout=self._timeout,
            reconnect=self._reconnect,
        )

    async def close(self) -> None:
        """Close all connections; subscriptions end. Closed streams stay closed."""
        self._closed = True
        if self._sweep is not None:
            self._sweep.cancel()
        for task in self._tasks:
            task.cancel()
        try:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        finally:
            await self._links.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
