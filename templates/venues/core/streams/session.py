"""`client.streams()`: subscriptions, and the connections that they need."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self, TypeVar, overload

import aiohttp

from venues.core.secrets import Secret
from venues.core.streams.address import Address, Ask, ListenKeys
from venues.core.streams.channel import Channel
from venues.core.streams.context import Context
from venues.core.streams.link import Link
from venues.core.streams.mailbox import Mailbox, Overflow
from venues.core.streams.protocol import Connection, Protocol
from venues.core.streams.subscription import Subscription
from venues.core.streams.topic import Topic
from venues.errors import InvalidRequest
from venues.hooks import Hooks
from venues.retry import Retry

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
QUEUE = 1000


class Streams:
    """The WebSocket streams of an API; made by `client.streams()`, used as `async with`."""

    def __init__(
        self,
        api: str,
        protocol: Protocol,
        *,
        base: str,
        given: Mapping[str, Secret],
        clock: Callable[[], int],
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
        self._ask = ask
        self._timeout = timeout
        self._reconnect = reconnect
        self._context: Context | None = None
        self._links: dict[str, list[Link]] = {}
        self._keys: dict[str, ListenKeys] = {}
        self._numbers: dict[str, int] = {}
        self._lock = asyncio.Lock()

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
                everything else on that connection), `drop_oldest` loses the oldest and tells a `Gap`, `raise` ends
                the subscription with `StreamOverflow`.
        """
        if not channels:
            raise InvalidRequest("there is no channel to subscribe to")
        if queue < 1:
            raise InvalidRequest(f"queue is {queue}; the least is 1")
        if overflow not in ("block", "drop_oldest", "raise"):
            raise InvalidRequest(f"overflow is {overflow!r}; it may be block, drop_oldest, raise")
        return Subscription(self, tuple(dict.fromkeys(channels)), queue, overflow)

    async def listed(self) -> list[str]:
        """Ask the exchange what the open connections are subscribed to, where the API tells that."""
        links = [link for links in self._links.values() for link in links]
        return [str(topic) for link in links for topic in await link.listed()]

    @property
    def connections(self) -> tuple[str, ...]:
        """The names of the connections that there are."""
        return tuple(link.name for links in self._links.values() for link in links)

    async def join(self, box: Mailbox[Any], channels: tuple[Channel[Any], ...]) -> None:
        """Subscribe on behalf of a queue; `Subscription` calls this."""
        joined: list[Channel[Any]] = []
        try:
            for connection in dict.fromkeys(channel.SPEC.connection for channel in channels):
                mine = [channel for channel in channels if channel.SPEC.connection == connection]
                joined += mine
                await self._join_kind(box, connection, mine)
        except BaseException:
            await self.leave(box, joined)
            raise

    async def _join_kind(self, box: Mailbox[Any], kind: str, channels: list[Channel[Any]]) -> None:
        known: list[Topic] = []
        new: dict[Link, list[Topic]] = {}
        async with self._lock:
            for channel in channels:
                topic = self._topic(channel)
                if topic is None:
                    link = self._roomy(kind)
                    topic = Topic(channel, self._deviation)
                    link.expect(topic)
                    new.setdefault(link, []).append(topic)
                else:
                    known.append(topic)
                topic.listeners.append(box)
            opened = [link for link in new if not link.begun]
            await self._open(kind, opened)
        await asyncio.gather(
            *(link.settled(topics) if link in opened else link.subscribe(topics) for link, topics in new.items()),
            *(asyncio.shield(topic.accepted) for topic in known),
        )

    async def _open(self, kind: str, links: list[Link]) -> None:
        try:
            for link in links:
                await link.open()
        except BaseException:
            self._links[kind] = [link for link in self._links[kind] if link not in links]
            await asyncio.gather(*(link.close() for link in links))
            raise

    async def leave(self, box: Mailbox[Any], channels: Sequence[Channel[Any]]) -> None:
        """Give up what a queue had subscribed to; `Subscription` calls this."""
        for channel in channels:
            for link in self._links.get(channel.SPEC.connection, []):
                topic = link.topics.get(channel.key)
                if topic is not None and box in topic.listeners:
                    topic.listeners.remove(box)
                    if not topic.listeners:
                        await link.drop([topic])

    def _topic(self, channel: Channel[Any]) -> Topic | None:
        links = self._links.get(channel.SPEC.connection, [])
        return next((link.topics[channel.key] for link in links if channel.key in link.topics), None)

    def _roomy(self, kind: str) -> Link:
        """Return a connection that has room for one more topic; make one if there is none."""
        links = self._links.setdefault(kind, [])
        links[:] = [link for link in links if link.alive or not link.begun]
        for link in links:
            if link.room > 0:
                return link
        connection = self._protocol.connections[kind]
        most = connection.limits.connections
        if most is not None and sum(map(len, self._links.values())) >= most:
            raise InvalidRequest(f"{most} connections are open, and the API allows no more")
        link = Link(self._opened(), connection, self._address(kind, connection), self._number(kind))
        links.append(link)
        return link

    def _number(self, kind: str) -> int:
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return self._numbers[kind]

    def _address(self, kind: str, connection: Connection) -> Address:
        if connection.listen_key is not None and kind not in self._keys:
            self._keys[kind] = ListenKeys(connection.listen_key, self._ask)
        return Address(self._base, connection, self._given, self._keys.get(kind))

    def _opened(self) -> Context:
        if self._context is None:
            self._context = Context(
                api=self._api,
                protocol=self._protocol,
                given=self._given,
                clock=self._clock,
                hooks=self._hooks,
                deviation=self._deviation,
                session=aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()),
                timeout=self._timeout,
                reconnect=self._reconnect,
            )
        return self._context

    async def close(self) -> None:
        """Close all connections; subscriptions end."""
        links = [link for links in self._links.values() for link in links]
        self._links.clear()
        try:
            await asyncio.gather(*(link.close() for link in links))
            await asyncio.gather(*(keys.close() for keys in self._keys.values()))
        finally:
            self._keys.clear()
            context, self._context = self._context, None
            if context is not None:
                await context.session.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
