# Edited in templates/venues/mock/books/market.py; the copy in generated/ is imported.
"""The market of one symbol, moved by a test."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from decimal import Decimal

from venues.mock.books.engine import Books
from venues.mock.books.order import Fill
from venues.mock.books.past import MINUTE, Past
from venues.mock.books.quotes import Depth
from venues.mock.clock import milliseconds
from venues.mock.exact import Json

Turn = Callable[[], AbstractContextManager[Books]]
"""Waits until no call is carried out, and gives the books as they are then."""

Note = Callable[[dict[str, Json]], None]
"""Writes down what a test has done, so that it can be done again after a restart."""

Number = str | int | Decimal
Level = tuple[Number, Number]
"""A price, and the quantity bid or offered there."""


class Market:
    """The market of one symbol; the account of the test is alone in it."""

    def __init__(self, symbol: str, turn: Turn, note: Note = lambda line: None) -> None:
        self._symbol, self._turn = symbol, turn
        self._noted = note

    def price(self, price: Number) -> list[Fill]:
        """Set the price, and return what it filled: every open order that it reaches, whole.

        Orders that wait are filled at their own price, as makers; market orders and orders that come later and cross
        are filled at this price, as takers. Any quantity can be bought and sold there.

        Args:
            price: The price; text, because a float is not exact.
        """
        with self._turn() as books:
            fills = books.matching.move(self._symbol, exact(price))
            self._note("price", price=exact(price))
            return fills

    def trade(self, price: Number, quantity: Number) -> list[Fill]:
        """Trade a quantity at a price; return the fills of open orders: best price first, then oldest.

        Args:
            price: The price, which also becomes the market's price.
            quantity: Traded quantity, in the unit of order quantities.
        """
        with self._turn() as books:
            fills = books.matching.move(self._symbol, exact(price), exact(quantity))
            self._note("trade", price=exact(price), quantity=exact(quantity))
            return fills

    def book(self, bids: Iterable[Level] = (), asks: Iterable[Level] = ()) -> list[Fill]:
        """Set the order book; return the fills of open orders that it reaches, as far as its quantities go.

        Orders that come later take what is there, level by level. It stays until it is set again, or a price is.

        Args:
            bids: Prices and quantities of buyers, in any order.
            asks: Prices and quantities of sellers.

        Raises:
            ValueError: if a buyer would pay what a seller asks: they would have traded.
        """
        wanted, offered = (_depth(levels, reverse=reverse) for levels, reverse in ((bids, True), (asks, False)))
        if wanted and offered and wanted[0][0] >= offered[0][0]:
            raise ValueError(f"the bid {wanted[0][0]} is not below the ask {offered[0][0]}")
        with self._turn() as books:
            fills = books.matching.set_book(self._symbol, [*wanted], [*offered])
            self._note("book", bids=wanted, asks=offered)
            return fills

    def fund(self, rate: Number) -> Decimal:
        """Settle funding: long positions pay this part of their value, short ones receive it.

        Args:
            rate: The funding rate, such as `0.0001`; below 0, short positions pay.

        Returns:
            What the account received; negative for what it paid.
        """
        exact_rate = as_decimal(rate)
        with self._turn() as books:
            received = books.account.fund(self._symbol, exact_rate)
            self._note("fund", rate=exact_rate)
            return received

    def history(self, span: str, price: Number | None = None, *, seed: int = 0) -> None:
        """Give the market a past, which its candles show: it goes up and down, and ends at the current price.

        It takes no memory, for candles are computed when they are requested; those of each length agree.

        Args:
            span: How long it lasts until now: a number and `h`, `d` or `w`, such as `730d`.
            price: The current price; by default the one that the market has.
            seed: Another one gives another past.

        Raises:
            ValueError: if the current price was never set.
        """
        with self._turn() as books:
            market, now = books.matching.market(self._symbol), books.matching.now
            if price is not None:
                books.matching.move(self._symbol, exact(price))
            if market.price is None:
                raise ValueError(f"{self._symbol} has no price yet; set the one at which its history ends")
            end = now - now % MINUTE
            start = end - milliseconds(span)
            market.candles.past = Past(start - start % MINUTE, end, market.price, seed)
            self._note("history", span=span, price=market.price, seed=seed)

    def _note(self, deed: str, **arguments: Json) -> None:
        self._noted({"does": deed, "symbol": self._symbol, "with": arguments})


def _depth(levels: Iterable[Level], *, reverse: bool) -> Depth:
    exact_levels: Depth = [(exact(price), exact(quantity)) for price, quantity in levels]
    return sorted(exact_levels, key=lambda level: level[0], reverse=reverse)


def as_decimal(number: Number) -> Decimal:
    """Return a number as it is written.

    Raises:
        TypeError: for a float, which is not what was written.
        ValueError: for what is no number.
    """
    if isinstance(number, float):
        raise TypeError(f"{number} is a float, which is not exact; write {str(number)!r}")
    try:
        found = Decimal(number)
    except ArithmeticError:
        raise ValueError(f"{number!r} is no number") from None
    if not found.is_finite():
        raise ValueError(f"{number!r} is no number")
    return found


def exact(number: Number) -> Decimal:
    """Return a price or a quantity.

    Raises:
        TypeError: for a float, which is not what was written.
        ValueError: unless it is a number, and more than 0.
    """
    found = as_decimal(number)
    if not found > 0:
        raise ValueError(f"{number} is not more than 0")
    return found
