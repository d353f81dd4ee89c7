# Edited in templates/venues/mock/books/markets.py; the copy in generated/ is imported.
"""The books of all markets of one exchange: each has its symbols and orders; the money and the journal are shared."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from operator import attrgetter

from venues.mock.books.countdowns import Disconnects
from venues.mock.books.engine import Books
from venues.mock.books.journal import Journal
from venues.mock.books.order import Fill, NotSimulated, Order
from venues.mock.books.purse import Holdings
from venues.mock.books.quotes import Quotes
from venues.mock.declared.api import Api
from venues.mock.declared.operations import Operation
from venues.mock.exact import Json, text_of


class Markets:
    """The markets of one account; where an exchange has but one, it has no name."""

    def __init__(self, api: Api, journal: Journal | None = None, connected: Collection[str] = ()) -> None:
        self._api = api
        self.journal: Journal = journal or Journal()
        holdings = Holdings()
        self.each: dict[str, Books] = {
            name: Books(api.in_market(name), self.journal, holdings, name) for name in api.markets
        } or {"": Books(api, self.journal, holdings)}
        self.first: Books = next(iter(self.each.values()))
        """The books of one market, for what all of them share."""
        declared = next((o.disconnect for o in api.operations if o.disconnect is not None), None)
        self._disconnects = Disconnects(declared, connected) if declared is not None else None

    def anew(self) -> Markets:
        """Return empty books that tell the same listeners."""
        self.journal.clear()
        return Markets(self._api, self.journal, self._disconnects.here if self._disconnects is not None else ())

    def of(self, market: str | None) -> Books:
        """Return the books of one market; of the only one by default.

        Raises:
            ValueError: if there is no such market, or several and none is said.
        """
        if market is None and len(self.each) == 1:
            return next(iter(self.each.values()))
        if market is None or market not in self.each:
            said = f"there is no market {market!r}" if market is not None else "there are several markets"
            raise ValueError(f"{said}; say market={' or '.join(map(repr, self.each))}")
        return self.each[market]

    def check_symbol(self, symbol: str, market: str | None) -> None:
        """Refuse a symbol of another market.

        Raises:
            ValueError: if no order for it can be placed in this one: it is like none of the symbols that are listed there.
        """
        if len(self.each) == 1 or self.of(market).account.instruments.is_like_any(symbol):
            return
        listed = ", ".join(self.of(market).account.instruments.listed)
        raise ValueError(
            f"market {market!r} lists {listed}, and nothing like {symbol!r}; the markets are {', '.join(self.each)}; "
            "set any_symbol to accept any symbol"
        )

    @property
    def orders(self) -> list[Order]:
        """The orders of all markets, the oldest first."""
        found = [order for books in self.each.values() for order in books.matching.orders.values()]
        return sorted(found, key=attrgetter("id")) if len(self.each) > 1 else found

    @property
    def fills(self) -> list[Fill]:
        """The fills of all markets, the oldest first."""
        found = [fill for books in self.each.values() for fill in books.matching.fills]
        return sorted(found, key=attrgetter("id")) if len(self.each) > 1 else found

    @property
    def quotes(self) -> list[Quotes]:
        """Every symbol of every market that has a price or a book."""
        return [quotes for books in self.each.values() for quotes in books.matching.quotes.values()]

    def set_time(self, now: int) -> None:
        """Move the time on, and do what is due."""
        for books in self.each.values():
            books.set_time(now)
        for market in self._disconnects.due(now) if self._disconnects is not None else ():
            matching = self.each[market].matching
            for order in matching.open_orders():
                matching.end_open(order, "cancelled")

    def note_topics(self, topics: Collection[str], now: int) -> bool:
        """Note which topics have subscribers; return whether that matters to any order."""
        self.set_time(now)
        return self._disconnects is not None and self._disconnects.note(topics, now)

    def carry_out(self, operation: Operation, arguments: Mapping[str, Json], now: int) -> bytes | None:
        """Do what a call asks for, and return the body of its answer; None where that is the example.

        Raises:
            RequestRefused: if the exchange would refuse it.
            NotSimulated: if it can't be known what the exchange would do.
        """
        if len(self.each) == 1:
            return self.first.carry_out(operation, arguments, now)
        # In all markets, not only in this one: a countdown of another one may be due, and they share the money.
        self.set_time(now)
        if operation.disconnect is not None and self._disconnects is not None:
            self._disconnects.set(operation, arguments)
            return None
        if not operation.markets:
            return self.first.carry_out(operation, arguments, now)
        name = self._asked_for(operation, arguments)
        if name in operation.markets:
            return self.each[name].carry_out(self.each[name].api.by_name[operation.full_name], arguments, now)
        if operation.auth == "none":
            return None  # nothing moves in that market
        raise NotSimulated(f"{operation.full_name} {self._api.market}={name}")

    def _asked_for(self, operation: Operation, arguments: Mapping[str, Json]) -> str:
        """Return the market that a call is about; the first where it is about all of them."""
        wire = self._api.market or ""
        if wire in arguments:
            return text_of(arguments[wire])
        usual = next((param.default for param in operation.params if param.wire == wire), None)
        return usual or next(iter(operation.markets))
