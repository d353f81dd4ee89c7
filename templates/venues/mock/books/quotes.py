# Edited in templates/venues/mock/books/quotes.py; the copy in generated/ is imported.
"""The public side of one market: who buys and sells at which price, what was traded, and the candles of that."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from decimal import Decimal

import msgspec

from venues.mock.books.candles import Candles
from venues.mock.books.order import NOTHING, Side

FIRST_VERSION = 1000
TRADES = 1000
"""How many public trades are kept, as exchanges do."""

Depth = list[tuple[Decimal, Decimal | None]]
"""Prices, best first, and the quantity bid or offered there; None for any quantity."""


class Trade(msgspec.Struct, frozen=True, gc=False):
    """One public execution; each fill of the account is one, too."""

    id: int
    symbol: str
    side: Side
    """The side of the taker."""

    price: Decimal
    quantity: Decimal
    at: int
    """Milliseconds since 1970, by the mock exchange's clock."""

    market: str = ""
    """Where an exchange has several."""


class Quotes:
    """The market of one symbol."""

    def __init__(self, symbol: str, market: str = "") -> None:
        self.symbol = symbol
        self.market = market
        self.last: Decimal | None = None
        self.bids: Depth = []
        self.asks: Depth = []
        self.version: int = FIRST_VERSION
        """How often the book has changed; changes that streams push are numbered so."""
        self.is_book: bool = False
        """Whether a test set the book; a price alone stands for any amount, bid and asked."""
        self.trades: deque[Trade] = deque(maxlen=TRADES)
        self._count = 0
        self.candles: Candles = Candles()

    @property
    def price(self) -> Decimal | None:
        """The latest price; before there is any, the middle of the book."""
        if self.last is None and self.bids and self.asks:
            return (self.bids[0][0] + self.asks[0][0]) / 2
        return self.last

    def set_price(self, price: Decimal, at: int) -> None:
        """Set a price at which any quantity can be bought and sold."""
        self.bids, self.asks, self.is_book = [(price, None)], [(price, None)], False
        self.version += 1
        self._note(price, NOTHING, at)

    def set_book(self, bids: Depth, asks: Depth) -> None:
        """Replace bids and asks."""
        self.bids, self.asks, self.is_book = bids, asks, True
        self.version += 1

    def trade(self, side: Side, price: Decimal, quantity: Decimal, at: int) -> Trade:
        """Add a trade."""
        self._count += 1
        trade = Trade(self._count, self.symbol, side, price, quantity, at, self.market)
        self.trades.append(trade)
        self._note(price, quantity, at)
        return trade

    def _note(self, price: Decimal, quantity: Decimal, at: int) -> None:
        self.last = price
        self.candles.note(price, quantity, at)

    def against(self, side: Side, limit: Decimal | None) -> Iterator[tuple[Decimal, Decimal | None]]:
        """Yield the levels that an order of this side would take, the best first."""
        for price, quantity in [*(self.asks if side == "buy" else self.bids)]:
            if limit is not None and (price > limit if side == "buy" else price < limit):
                return
            yield price, quantity

    def take(self, side: Side, price: Decimal, quantity: Decimal) -> None:
        """Take a quantity from a level; a level without a quantity is never used up."""
        levels = self.asks if side == "buy" else self.bids
        for index, (at, there) in enumerate(levels):
            if at == price and there is not None:
                levels[index] = (at, there - quantity)
        levels[:] = [level for level in levels if level[1] is None or level[1] > 0]
        self.version += 1
