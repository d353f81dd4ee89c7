# Edited in templates/venues/core/streams/session.py; the copy in generated/ is imported.
"""What a user opens with `client.streams()`: subscriptions, and the connections that they need."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self, TypeVar, overload

from venues.core.channels.channel import Channel
from venues.core.http.network import DIRECT, Network
from venues.core.outcome.clock import ClockSync
from venues.core.streams.address import Ask
from venues.core.streams.book_source import BookSource
from venues.core.streams.context import FORKED, Context
from venues.core.streams.event_queue import EventQueue, Overflow
from venues.core.streams.listeners import Listeners
from venues.core.streams.pool import ConnectionPool
from venues.core.streams.protocol import StreamProtocol
from venues.core.streams.push_watch import count_pushes, wait_push
from venues.core.streams.subscription import Subscription
from venues.core.streams.websocket import open_http
from venues.core.values.secrets import Secret
from venues.errors import ConnectionLost, InvalidRequest
from venues.hooks import Hooks
from venues.retry import Retry

if TYPE_CHECKING:
    from venues.core.books.book import Book

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
QUEUE = 1000
"""How many events wait by default; a second or two of a busy market."""


class Session:
    """The WebSocket streams of an API; made by `client.streams()`, used as `async with`."""

    def __init__(
        self,
        api: str,
        protocol: StreamProtocol,
        *,
        base: str,
        bases: Mapping[str, str],
        given: Mapping[str, Secret],
        clock: ClockSync,
        hooks: Hooks,
        deviation: Callable[[str, str, str], None],
        ask: Ask,
        timeout: float,
        reconnect: Retry,
        network: Network = DIRECT,
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
        self._network = network
        self._ask = ask
        self._pool = ConnectionPool(self._make_context, base, bases, ask)
        self._listeners = Listeners(self._pool, self._check_open)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False
        self._closing: asyncio.Task[None] | None = None
        self._process = os.getpid()

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
                everything else on that connection, so that the exchange may end it), `drop_oldest` drops the oldest and
                reports a `Gap`, `raise` ends the subscription with `StreamOverflow`.

        Raises:
            InvalidRequest: if there is no channel, or an option is wrong.
            ConnectionLost: if the streams were closed.
        """
        self._check_open()
        self._check_channels(channels)
        if not channels:
            raise InvalidRequest("there is no channel to subscribe to")
        if not isinstance(queue, int) or queue < 1:
            raise InvalidRequest(f"queue is {queue!r}; the least is 1")
        if overflow not in ("block", "drop_oldest", "raise"):
            raise InvalidRequest(f"overflow is {overflow!r}; it may be block, drop_oldest, raise")
        # A channel that is given twice is subscribed to once, in the order of the arguments.
        return Subscription(self, tuple(dict.fromkeys(channels)), queue, overflow)

    def book(self, symbol: str | Channel[Any], /, *, depth: int | None = None, market: str | None = None) -> Book:
        """Keep an order book: `book = await streams.book("…")`, or `async with streams.book("…") as book`.

        Args:
            symbol: Symbol, in the exchange's spelling; or a channel with order books, with arguments of your own.
            depth: Number of levels per side; by default as many as possible. If they come from a snapshot of limited
                depth and changes, a new snapshot is requested when fewer than half of its levels are left.
            market: The market of the symbol, such as `spot`, where the API has several.

        Raises:
            InvalidRequest: if the API has no order book, or none of this depth.
            ConnectionLost: if the streams were closed.
        """
        from venues.core.books.book import open_book
        from venues.core.books.choice import choose_channel

        self._check_open()
        if isinstance(symbol, Channel):
            channel = symbol
        else:
            channel = choose_channel(self._api, self._protocol.books(), symbol, depth, market)
        return open_book(channel, self.subscribe(channel), BookSource(self._pool, self._ask), self._reconnect, depth)

    def count_pushes(self, names: Collection[str]) -> int | None:
        """Return how many pushes have come through channels of these names; None where none is subscribed to."""
        return None if self._is_forked() else count_pushes(self._pool, names)

    async def wait_push(self, names: Collection[str], before: int, seconds: float) -> None:
        """Wait until more pushes have come than before, but no longer than so many seconds."""
        if asyncio.get_running_loop() is self._loop:
            await wait_push(self._pool, names, before, seconds)
        else:
            await asyncio.sleep(seconds)  # another loop's events can't be awaited here

    async def list_topics(self) -> list[str]:
        """Ask the exchange what the open connections are subscribed to.

        Raises:
            InvalidRequest: if the API has no such request.
        """
        self._check_open()
        self._enter_loop()
        return [str(topic) for supervisor in list(self._pool) for topic in await supervisor.list_topics()]

    @property
    def connections(self) -> tuple[str, ...]:
        """The names of the connections that there are."""
        return tuple(supervisor.name for supervisor in self._pool)

    async def join(self, queue: EventQueue[Any], channels: tuple[Channel[Any], ...]) -> None:
        """Subscribe for a queue; `Subscription` calls this."""
        self._check_open()
        self._check_channels(channels)
        self._enter_loop()
        await self._listeners.join(queue, channels)

    async def leave(self, queue: EventQueue[Any], channels: Sequence[Channel[Any]]) -> None:
        """Give up what a queue had subscribed to; `Subscription` calls this."""
        await self._listeners.leave(queue, channels)

    def abandon(self, queue: EventQueue[Any], channels: Sequence[Channel[Any]]) -> None:
        """Drop a queue whose subscription was garbage-collected without `close`; may be called from any thread."""
        if self._loop is not None and not self._loop.is_closed() and not self._is_forked():
            self._loop.call_soon_threadsafe(self._listeners.drop, queue, channels)

    def _check_channels(self, channels: Sequence[object]) -> None:
        for channel in channels:
            if not isinstance(channel, Channel):
                example = "one of `streams.channels` with its arguments, as `channels.Ticker(symbol=…)`"
                what = (
                    "them one by one, as `subscribe(*channels)`" if isinstance(channel, (list, tuple, set)) else example
                )
                raise InvalidRequest(f"{channel!r} is no channel; give {what}")
            if channel.api != self._api:
                raise InvalidRequest(f"{channel!r} is a channel of {channel.api}, and these are streams of {self._api}")

    def _enter_loop(self) -> None:
        """Refuse any event loop but the first one: connections can't be used in another one."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise InvalidRequest("streams need asyncio, and no event loop of asyncio runs here") from None
        if self._loop not in (None, loop):
            raise InvalidRequest("these streams were opened in another event loop; open others in each asyncio.run()")
        self._loop = loop

    def _check_open(self) -> None:
        if self._is_forked():
            raise ConnectionLost(FORKED)
        if self._closed:
            raise ConnectionLost("these streams were closed; `client.streams()` opens others")

    def _make_context(self) -> Context:
        return Context(
            api=self._api,
            protocol=self._protocol,
            given=self._given,
            clock=self._clock,
            hooks=self._hooks,
            on_deviation=self._deviation,
            session=open_http(self._clock.hear, self._timeout, self._network),
            network=self._network,
            timeout=self._timeout,
            reconnect=self._reconnect,
        )

    def _is_forked(self) -> bool:
        """Whether this is a copy in a child process; the connections belong to the parent."""
        return self._process != os.getpid()

    async def close(self) -> None:
        """Close all connections; subscriptions end. Closed streams stay closed.

        Canceling this does not stop what it has begun; call it again to wait for the end.
        """
        if self._is_forked():
            return
        self._closed = True
        if self._loop is None or self._loop.is_closed():
            return  # nothing was opened, or everything ended with its loop
        self._enter_loop()
        if self._closing is None or self._closing.cancelled():
            self._closing = asyncio.create_task(self._close_all(), name="venues streams close")
        # Shielded, so that a second Ctrl-C does not leave half of the connections open.
        await asyncio.shield(self._closing)

    async def _close_all(self) -> None:
        try:
            await self._listeners.close()
        finally:
            await self._pool.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
