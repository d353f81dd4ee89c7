# Edited in templates/venues/core/books/sync_book.py; the copy in generated/ is imported.
"""The order book of a program without asyncio: the same book, kept on the streams' own thread."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from typing import Any, Self

from venues.core.books.book import Book, Changes
from venues.core.books.reading import BookReading

Run = Callable[[Coroutine[Any, Any, Any]], Any]
"""Runs work on the loop of the streams, and waits for it."""


class SyncBook(BookReading):
    """An order book that is kept up to date in another thread; made by `streams.book`, used directly or in `with`.

    Levels are exact numbers, best price first. Reading them raises `BookUntrusted` while they may differ from the
    exchange's: after a gap, until a new snapshot has healed the book.
    """

    def __init__(self, inner: Book, run: Run) -> None:
        super().__init__(inner._shelf)
        self._inner = inner
        self._run = run

    def ready(self, timeout: float | None = None) -> Self:
        """Wait until the book can be trusted; see `Book.ready`.

        Args:
            timeout: Seconds to wait; without it, there is no limit.

        Raises:
            TimeoutError: if that took longer; a book that was never trusted is closed then.
        """
        self._run(self._inner.ready(timeout))
        return self

    def changed(self, timeout: float | None = None) -> Self:
        """Wait until levels or trust have changed since the last call returned; see `Book.changed`.

        Args:
            timeout: Seconds to wait; without it, there is no limit.

        Raises:
            TimeoutError: if nothing changed in time.
        """
        self._run(self._inner.changed(timeout))
        return self

    def __iter__(self) -> Iterator[Self]:
        """Yield the book whenever levels or trust have changed, until it is closed; several changes count as one."""
        changes = aiter(self._inner)
        while self._run(_next(changes)):
            yield self

    def close(self) -> None:
        """Unsubscribe; the book is not trusted from now on."""
        self._run(self._inner.close())

    def __enter__(self) -> Self:
        return self.ready()

    def __exit__(self, *_: object) -> None:
        self.close()


async def _next(changes: Changes) -> bool:
    return await anext(changes, None) is not None
