# Edited in templates/venues/core/books/reading.py; the copy in generated/ is imported.
"""What a user reads from an order book, in a task or in a thread."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from decimal import Decimal
from threading import Lock
from typing import Any, NamedTuple

from venues.core.books.levels import Level
from venues.core.books.state import BookState
from venues.core.channels.channel import Channel
from venues.core.values.numbers import Number, plain_decimal
from venues.errors import BookUntrusted, InvalidRequest

FORKED = "it is kept in the process that this one was forked from"


class Best(NamedTuple):
    """The best levels of both sides; None if a side is empty."""

    bid: Level | None
    ask: Level | None


class Prices(NamedTuple):
    """Average prices of a quantity; None if the book has less than that."""

    buy: Decimal | None
    """Average buy price: takes asks, lowest price first. Rounded to 28 digits."""
    sell: Decimal | None
    """Average sell price: takes bids, highest price first. Rounded to 28 digits."""


class Shelf:
    """Where a book lies: its keeper writes it, readers read it, also in other threads."""

    def __init__(self, channel: Channel[Any], state: BookState, depth: int | None) -> None:
        self.channel = channel
        self.state = state
        self.depth = depth
        self.sees_gaps = False
        self.lock: Lock = Lock()
        self.process: int = os.getpid()
        self.version = 0
        self.heals = 0
        self.time: int | None = None
        self.received: int | None = None


class BookReading:
    """Levels of an order book that is kept up to date; exact numbers, best price first.

    Reading levels raises `BookUntrusted` while they may differ from the exchange's.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def __repr__(self) -> str:
        trouble = self.trouble
        return f"<Book of {self.channel!r}{'' if trouble is None else f', not trusted: {trouble}'}>"

    @property
    def channel(self) -> Channel[Any]:
        """The channel of the book."""
        return self._shelf.channel

    @property
    def is_trusted(self) -> bool:
        """Whether nothing was missed, as far as that can be known; see `gaps_seen`."""
        return self.trouble is None

    @property
    def trouble(self) -> str | None:
        """Why the book is not trusted: the `reason` of a `Gap`, or a sentence; None if it is trusted."""
        return FORKED if self._shelf.process != os.getpid() else self._shelf.state.trouble

    @property
    def gaps_seen(self) -> bool:
        """Whether the exchange numbers its pushes, so that a missing one is noticed.

        If not, only a lost connection makes the book untrusted; if each push is a whole book, the next one repairs it.
        """
        return self._shelf.sees_gaps

    @property
    def heals(self) -> int:
        """How often the book was rebuilt after it could not be trusted."""
        return self._shelf.heals

    @property
    def version(self) -> int:
        """Increases with every change of levels or trust."""
        return self._shelf.version

    @property
    def time(self) -> int | None:
        """The exchange's time of the last push, in milliseconds since 1970; None if the push has none beside its payload."""
        return self._shelf.time

    @property
    def received(self) -> int | None:
        """Arrival time of the last push, in milliseconds since 1970. A dead connection is noticed only by its silence."""
        return self._shelf.received

    @property
    def bids(self) -> tuple[Level, ...]:
        """Bids, highest price first; at most `depth` levels."""
        with self._trusted() as state:
            return state.bids.first(self._shelf.depth)

    @property
    def asks(self) -> tuple[Level, ...]:
        """Asks, lowest price first; at most `depth` levels."""
        with self._trusted() as state:
            return state.asks.first(self._shelf.depth)

    @property
    def best(self) -> Best:
        """Best bid and best ask at one moment."""
        with self._trusted() as state:
            return Best(state.bids.best, state.asks.best)

    @property
    def spread(self) -> Decimal | None:
        """Best ask price minus best bid price; None if a side is empty."""
        bid, ask = self.best
        return None if bid is None or ask is None else ask.price - bid.price

    def price_for(self, quantity: Number) -> Prices:
        """Return the average prices at which a quantity could be bought and sold immediately, from the known levels.

        Args:
            quantity: Quantity, in the unit of the book's quantities.

        Raises:
            InvalidRequest: if it is not greater than 0.
            BookUntrusted: if the levels may differ from the exchange's.
        """
        wanted = Decimal(plain_decimal(quantity, "quantity"))
        if wanted <= 0:
            raise InvalidRequest(f"quantity is {wanted}; it must be greater than 0")
        with self._trusted() as state:
            return Prices(buy=state.asks.average(wanted), sell=state.bids.average(wanted))

    @contextmanager
    def _trusted(self) -> Generator[BookState]:
        """Give the levels to read, if they can be trusted."""
        # Looked at before the lock: in a forked process there may be no thread to release it.
        if self._shelf.process != os.getpid():
            raise self._untrusted(FORKED)
        with self._shelf.lock:
            state = self._shelf.state
            if state.trouble is not None:
                raise self._untrusted(state.trouble)
            yield state

    def _untrusted(self, why: str) -> BookUntrusted:
        return BookUntrusted(f"the order book of {self.channel!r} can't be trusted now ({why})")
