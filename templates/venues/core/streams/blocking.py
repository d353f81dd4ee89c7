"""The sync twin: the same streams on a private loop in a thread of its own, for scripts."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Generic, Self, TypeVar, overload

from venues.core.streams.channel import Channel, Gap, UnknownEvent
from venues.core.streams.mailbox import Overflow
from venues.core.streams.session import QUEUE, Streams
from venues.core.streams.subscription import Subscription
from venues.errors import ConnectionLost

E = TypeVar("E")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
T = TypeVar("T")
LAST = 1.0
"""Seconds that are left to work that has not ended when the streams are closed."""


class SyncSubscription(Generic[E]):
    """Events of some channels, in the order in which they came; made by `streams.subscribe`."""

    def __init__(self, streams: SyncStreams, inner: Subscription[E]) -> None:
        self._streams = streams
        self._inner = inner

    def __repr__(self) -> str:
        return repr(self._inner)

    @property
    def channels(self) -> tuple[Channel[E], ...]:
        """What is subscribed to."""
        return self._inner.channels

    @property
    def dropped(self) -> int:
        """How many events were lost because the queue was full."""
        return self._inner.dropped

    @property
    def waited(self) -> int:
        """How often the connection was read no further because the queue was full."""
        return self._inner.waited

    def ready(self) -> Self:
        """Subscribe, and wait until the exchange accepts; see `Subscription.ready`."""
        self._streams._run(self._inner.ready())
        return self

    def add(self, *channels: Channel[E]) -> None:
        """Subscribe to more."""
        self._streams._run(self._inner.add(*channels))

    def remove(self, *channels: Channel[E]) -> None:
        """Give some up."""
        self._streams._run(self._inner.remove(*channels))

    def close(self) -> None:
        """Give everything up; what has come already can still be fetched."""
        self._streams._run(self._inner.close())

    def next(self, timeout: float | None = None) -> E | Gap | UnknownEvent:
        """Return the next event.

        Args:
            timeout: Seconds to wait for it; without it, as long as it takes.

        Raises:
            TimeoutError: if none came in time.
            StopIteration: if none will come any more.
        """
        try:
            return self._streams._run(self._next(timeout))
        except StopAsyncIteration:
            raise StopIteration from None

    async def _next(self, timeout: float | None) -> E | Gap | UnknownEvent:
        async with asyncio.timeout(timeout):
            return await anext(self._inner)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> E | Gap | UnknownEvent:
        return self.next()

    def __enter__(self) -> Self:
        return self.ready()

    def __exit__(self, *_: object) -> None:
        self.close()


class SyncStreams:
    """The WebSocket streams of an API; made by `client.streams()`, used as `with`."""

    def __init__(self, make: Callable[[], Streams]) -> None:
        self._make = make
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._streams: Streams | None = None
        self._lock = threading.Lock()
        self._closed = False

    def __repr__(self) -> str:
        return f"<SyncStreams: {self._streams!r}>"

    @overload
    def subscribe(self, a: Channel[A], /, *, queue: int = ..., overflow: Overflow = ...) -> SyncSubscription[A]: ...
    @overload
    def subscribe(
        self, a: Channel[A], b: Channel[B], /, *, queue: int = ..., overflow: Overflow = ...
    ) -> SyncSubscription[A | B]: ...
    @overload
    def subscribe(
        self, a: Channel[A], b: Channel[B], c: Channel[C], /, *, queue: int = ..., overflow: Overflow = ...
    ) -> SyncSubscription[A | B | C]: ...
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
    ) -> SyncSubscription[A | B | C | D]: ...
    @overload
    def subscribe(self, *channels: Channel[A], queue: int = ..., overflow: Overflow = ...) -> SyncSubscription[A]: ...

    def subscribe(
        self, *channels: Channel[Any], queue: int = QUEUE, overflow: Overflow = "block"
    ) -> SyncSubscription[Any]:
        """Subscribe to channels; see `Streams.subscribe`."""
        return SyncSubscription(self, self._opened().subscribe(*channels, queue=queue, overflow=overflow))

    def listed(self) -> list[str]:
        """Ask the exchange what the open connections are subscribed to, where the API tells that."""
        return self._run(self._opened().listed())

    @property
    def connections(self) -> tuple[str, ...]:
        """The names of the connections that there are."""
        return self._opened().connections

    def _opened(self) -> Streams:
        with self._lock:
            if self._closed:
                raise ConnectionLost("these streams were closed; `client.streams()` opens others")
            if self._streams is None:
                self._streams = self._make()
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="venues streams", daemon=True)
                self._thread.start()
            return self._streams

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something on the loop, and wait for it; whoever interrupts the wait, ends the work."""
        loop = self._loop
        if loop is None or self._closed:
            work.close()
            raise ConnectionLost("these streams were closed; `client.streams()` opens others")
        return _awaited(loop, work)

    def close(self) -> None:
        """Close all connections and end the thread. Closed streams stay closed."""
        with self._lock:
            closed, self._closed = self._closed, True
        if closed or self._loop is None or self._thread is None or self._streams is None:
            return
        try:
            _awaited(self._loop, self._streams.close())
            _awaited(self._loop, _ended())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


async def _ended() -> None:
    """Let those who wait in other threads hear that nothing will come, and end what is left."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    if others:
        _, left = await asyncio.wait(others, timeout=LAST)
        for task in left:
            task.cancel()
    await asyncio.get_running_loop().shutdown_default_executor()


def _awaited(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T]) -> T:
    future = asyncio.run_coroutine_threadsafe(work, loop)
    try:
        return future.result()
    except BaseException:
        future.cancel()
        raise
