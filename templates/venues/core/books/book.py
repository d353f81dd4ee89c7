# Edited in templates/venues/core/books/book.py; the copy in generated/ is imported.
"""The order book of an asyncio program."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Self

from venues.core.books.choice import rule_of
from venues.core.books.keeper import Feed, Keeper, Source
from venues.core.books.reading import BookReading, Shelf
from venues.core.books.state import BookState
from venues.core.channels.channel import Channel
from venues.core.values.checks import wait_limit
from venues.core.values.time_limit import Overdue, time_limit
from venues.errors import ConnectionLost
from venues.retry import Retry


class Book(BookReading):
    """An order book that is kept up to date; made by `streams.book`, used by `await` or `async with`.

    Levels are exact numbers, best price first. Reading them raises `BookUntrusted` while they may differ from the
    exchange's: after a gap, until a new snapshot has healed the book.
    """

    def __init__(self, shelf: Shelf, keeper: Keeper) -> None:
        super().__init__(shelf)
        self._keeper = keeper
        self._changes = Changes(self, keeper)

    async def ready(self, timeout: float | None = None) -> Self:
        """Wait until the book can be trusted; subscribe first, if necessary.

        A book that fails before it was ever trusted is closed.

        Args:
            timeout: Seconds to wait; without it, there is no limit.

        Raises:
            ApiError: if the exchange refuses the subscription or the first snapshot.
            TransportError: if the exchange can't be reached, or if the book was closed.
            InvalidRequest: if `timeout` is no number from 0.
            TimeoutError: if that took longer; the message says why the book can't be trusted.
        """
        limit = time_limit(wait_limit(timeout))
        try:
            async with limit:
                await self._keeper.start()
                while not self.is_trusted:
                    await self._keeper.wait_past(self.version)
        except BaseException as error:
            reason = self.trouble  # before it is closed, for then it says only that
            # A book that worked before goes on: only this wait failed, and another may succeed.
            if not self._keeper.was_trusted:
                await self._keeper.close()
            if isinstance(error, Overdue):
                late = f"no order book of {self.channel!r} could be trusted within {timeout} s: {reason}"
                raise TimeoutError(late) from None
            raise
        return self

    async def changed(self, timeout: float | None = None) -> Self:
        """Wait until levels or trust have changed since the last call returned; several changes count as one.

        Args:
            timeout: Seconds to wait; without it, there is no limit.

        Raises:
            TransportError: if nothing will change any more, because the book or the streams were closed.
            TimeoutError: if nothing changed in time.
        """
        try:
            async with time_limit(wait_limit(timeout)):
                await self._changes.wait()
        except Overdue:
            raise TimeoutError(f"the order book of {self.channel!r} did not change within {timeout} s") from None
        return self

    def __aiter__(self) -> Changes:
        """Return an iterator; it yields the book whenever levels or trust have changed, until the book is closed."""
        return Changes(self, self._keeper)

    async def close(self) -> None:
        """Unsubscribe; the book is not trusted from now on."""
        await self._keeper.close()

    def __await__(self) -> Generator[Any, None, Self]:
        return self.ready().__await__()

    async def __aenter__(self) -> Self:
        return await self.ready()

    async def __aexit__(self, *_: object) -> None:
        await self.close()


class Changes:
    """Iterates over the changes of a book; changes between two waits count as one."""

    def __init__(self, book: Book, keeper: Keeper) -> None:
        self._book = book
        self._keeper = keeper
        self._seen = 0

    async def wait(self) -> None:
        """Wait until the book has changed since the last call returned."""
        await self._keeper.start()
        await self._keeper.wait_past(self._seen)
        self._seen = self._book.version

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Book:
        try:
            await self.wait()
        except ConnectionLost:
            # Closed on purpose: the loop ends; a failure of the streams is raised.
            if self._keeper.is_closed:
                raise StopAsyncIteration from None
            raise
        return self._book


def open_book(channel: Channel[Any], feed: Feed, source: Source, pauses: Retry, depth: int | None) -> Book:
    """Return the book of a channel; nothing is subscribed to yet.

    Args:
        channel: Gives the book.
        feed: A subscription to it.
        source: The session that the subscription belongs to.
        pauses: How long to wait before a snapshot is requested again.
        depth: Number of levels per side; None for all.

    Raises:
        InvalidRequest: if the channel gives no book.
    """
    rule = rule_of(channel)
    join = rule.join
    # Half of a limited snapshot: changes use levels up, and a new one is requested before too few are left.
    half = join.levels // 2 if join is not None and join.levels is not None else None
    wanted = half if half is None or depth is None else min(half, depth)
    state = BookState(None if join is None else join.begins, wanted)
    shelf = Shelf(channel, state, depth)
    return Book(shelf, Keeper(shelf, rule, feed, source, pauses))
