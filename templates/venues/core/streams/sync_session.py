# Edited in templates/venues/core/streams/sync_session.py; the copy in generated/ is imported.
"""Streams without asyncio: the same session on a private event loop in a thread of its own."""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Callable, Collection, Coroutine
from concurrent.futures import CancelledError, Future
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, overload

from venues.core.channels.channel import Channel, Gap, UnknownEvent
from venues.core.streams.event_queue import Overflow
from venues.core.streams.loop_thread import LoopThread
from venues.core.streams.session import QUEUE, Session
from venues.core.streams.subscription import Subscription
from venues.errors import ConnectionLost, InvalidRequest, VenueError

if TYPE_CHECKING:
    from venues.core.books.sync_book import SyncBook

E = TypeVar("E")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
T = TypeVar("T")
CLOSED = "these streams were closed, or belong to the process that this one was forked from; open others"


class SyncSubscription(Generic[E]):
    """Events of some channels, in the order in which they came; made by `streams.subscribe`."""

    def __init__(self, session: SyncSession, inner: Subscription[E]) -> None:
        self._session = session
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
        self._session._run(self._inner.ready())
        return self

    def add(self, *channels: Channel[E]) -> None:
        """Subscribe to more."""
        self._session._run(self._inner.add(*channels))

    def remove(self, *channels: Channel[E]) -> None:
        """Give some up."""
        self._session._run(self._inner.remove(*channels))

    def close(self) -> None:
        """Give everything up; what has come already can still be fetched."""
        self._session._run(self._inner.close())

    def next(self, timeout: float | None = None) -> E | Gap | UnknownEvent:
        """Return the next event.

        Args:
            timeout: Seconds to wait for it; without it, as long as it takes.

        Raises:
            TimeoutError: if none came in time.
            StopIteration: if none will come any more.
        """
        try:
            return self._session._run(self._inner.next(timeout))
        # A future cannot carry StopIteration, so it arrives as the async one.
        except StopAsyncIteration:
            raise StopIteration from None

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> E | Gap | UnknownEvent:
        return self.next()

    def __enter__(self) -> Self:
        return self.ready()

    def __exit__(self, *_: object) -> None:
        self.close()


class SyncSession:
    """The WebSocket streams of an API; made by `client.streams()`, used as `with`."""

    _thread: LoopThread | None = None
    """Started by the first call that needs it; said here, too, for `__del__` of one that could not be made."""

    def __init__(self, make: Callable[[], Session]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._process = os.getpid()
        self._closed = False

    def __del__(self) -> None:
        thread = self._thread
        if thread is not None and thread.is_alive and not self._closed:
            thread.stop()
            warnings.warn(f"{self!r} was never closed", ResourceWarning, stacklevel=2, source=self)

    def __repr__(self) -> str:
        return f"<SyncSession: {self._thread.session if self._thread else None!r}>"

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
        """Subscribe to channels; see `Session.subscribe`."""
        return SyncSubscription(self, self._open().subscribe(*channels, queue=queue, overflow=overflow))

    def book(
        self,
        symbol: str | Channel[Any],
        /,
        *,
        depth: int | None = None,
        market: str | None = None,
        timeout: float = 60.0,
    ) -> SyncBook:
        """Keep an order book; it can be trusted when this returns.

        Args:
            symbol: As the exchange writes it; or a channel that gives order books.
            depth: How many levels a side you need; see `Session.book`.
            market: The market of the symbol, where the API has several.
            timeout: Seconds to wait for a book that can be trusted.

        Raises:
            InvalidRequest: if the API gives no book, or no book so deep.
            ApiError: if the exchange refuses the subscription or the first snapshot.
            TransportError: if the exchange can't be reached, or if the streams were closed.
            TimeoutError: if it took longer; the message says why it can't be trusted, and nothing stays subscribed to.
        """
        from venues.core.books.sync_book import SyncBook

        return SyncBook(self._open().book(symbol, depth=depth, market=market), self._run).ready(timeout)

    def count_pushes(self, names: Collection[str]) -> int | None:
        """Return how many pushes have come; see `Session.count_pushes`."""
        thread = self._thread
        return None if thread is None or self._closed else thread.session.count_pushes(names)

    def wait_push(self, names: Collection[str], before: int, seconds: float) -> None:
        """Wait for a push; see `Session.wait_push`."""
        self._run(self._open().wait_push(names, before, seconds))

    def list_topics(self) -> list[str]:
        """Ask the exchange what the open connections are subscribed to; see `Session.list_topics`."""
        return self._run(self._open().list_topics())

    @property
    def connections(self) -> tuple[str, ...]:
        """The names of the connections that there are."""
        return self._open().connections

    def _open(self) -> Session:
        self._check_process()
        with self._lock:
            if self._closed:
                raise ConnectionLost(CLOSED)
            if self._thread is None:
                # Not in the constructor: a thread does not survive a fork, and clients are often made before one.
                self._thread = LoopThread(self._make())
            return self._thread.session

    def _check_process(self) -> None:
        """Refuse a forked process, before anything is locked: what held the lock does not run there."""
        if self._process != os.getpid():
            raise ConnectionLost(CLOSED)

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run work on the loop, and wait for it; interrupting the wait cancels the work."""
        try:
            future = self._submit(work)
        except VenueError:
            work.close()
            raise
        try:
            return _wait(future)
        except CancelledError:
            raise ConnectionLost(CLOSED) from None

    def _submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        self._check_process()
        with self._lock:  # so that nothing is submitted after what closes the loop
            if self._thread is None or self._closed or not self._thread.is_alive:
                raise ConnectionLost(CLOSED)
            self._check_thread()
            return self._thread.submit(work)

    def _check_thread(self) -> None:
        """Refuse to wait for the thread in which hooks are called, on that thread."""
        if self._thread is not None and self._thread.is_current:
            raise InvalidRequest("a hook holds these streams up while it runs, and can't wait for them")

    def close(self) -> None:
        """Close all connections and end the thread. Closed streams stay closed.

        Interrupting this (Ctrl-C) leaves the thread to end on its own; call it again to wait for that.

        Raises:
            InvalidRequest: if a hook calls this, which the streams wait for.
        """
        if self._process != os.getpid():
            return  # the connections belong to the parent
        self._check_thread()
        with self._lock:
            self._closed = True
        if self._thread is not None:
            self._thread.stop()
            self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _wait(future: Future[T]) -> T:
    try:
        return future.result()
    except BaseException:
        future.cancel()
        raise
