# Edited in templates/venues/mock/books/kept_orders.py; the copy in generated/ is imported.
"""All orders as they stand, their fills and markets, and who hears of their changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from msgspec.structs import replace

from venues.mock.books.account import Account
from venues.mock.books.journal import Journal
from venues.mock.books.money import Position
from venues.mock.books.order import NOTHING, Fill, Order, Status
from venues.mock.books.quotes import Quotes

FIRST_ID = 1_000_000_001
"""Like an exchange's, and no id of an example."""


class KeptOrders:
    """The orders and markets of one account."""

    def __init__(self, account: Account, journal: Journal, on_trigger: Callable[[Order], object]) -> None:
        self._account, self._journal = account, journal
        # An order that fires becomes another one on some exchanges.
        self._on_trigger = on_trigger
        self.orders: dict[int, Order] = {}
        self.fills: list[Fill] = []
        self.quotes: dict[str, Quotes] = {}
        self.now: int = 0
        self._fills_of: dict[int, list[Fill]] = {}
        self.on_change: Callable[[Order], None] = lambda order: None
        """Hears of each order that was filled or has ended: others may depend on it."""

        self.on_fill: Callable[[Order], None] = lambda order: None
        """Hears of each order after a fill has moved its position."""

        self.on_end: Callable[[Order], None] = lambda order: None
        """Hears of each order that is not open any more."""

        self.later: list[Callable[[], None]] = []
        """What is to be done once the market has moved, or an order has been placed."""

        self._open: dict[str, dict[int, None]] = {}
        """Symbol → ids of the open orders, so that a price costs the same after many orders."""

    def set_time(self, now: int) -> None:
        """Move the time on; it never goes back, even if the clock of the machine does."""
        self.now = self._account.now = max(self.now, now)

    def new_id(self) -> int:
        """Return the id of the next order."""
        return FIRST_ID + self._account.holdings.orders

    def market(self, symbol: str) -> Quotes:
        """Return the market of a symbol."""
        found = self.quotes.get(symbol)
        if found is None:
            found = self.quotes[symbol] = Quotes(symbol, self._account.market)
        return found

    def price_of(self, symbol: str) -> Decimal | None:
        """Return the latest price of a symbol; None where the test has set none."""
        quotes = self.quotes.get(symbol)
        return quotes.price if quotes else None

    def fills_of(self, order: Order) -> list[Fill]:
        """Return the fills of one order, the oldest first."""
        return self._fills_of.get(order.id, [])

    def open_orders(self, symbol: str | None = None) -> list[Order]:
        """Return the open orders of a symbol or of all, the oldest first."""
        symbols: Iterable[str] = [symbol] if symbol is not None else self._open
        return [self.orders[id] for each in [*symbols] for id in sorted(self._open.get(each, ()))]

    def end(self, order: Order, status: Status) -> Order:
        """End an order that is open, free what was locked for it, and return it."""
        self._account.unlock(order, order.open_quantity)
        ended = self.keep(replace(order, status=status, changed_at=self.now, held=NOTHING))
        self._account.tell_locked(order)
        self.on_change(ended)
        return ended

    def end_open(self, order: Order, status: Status) -> Order:
        """End an order unless it has ended by now, as one of a group that ended with another; return it."""
        order = self.orders[order.id]
        return self.end(order, status) if order.status == "open" else order

    def _keep_locked(self, order: Order) -> Order:
        """Remember an order and the money that it locks; the order is reported before the balance."""
        self.keep(order)
        self._account.tell_locked(order)
        return order

    def reserve(self, order: Order) -> None:
        """Remember an order that is not announced yet, so that its id is taken."""
        if order.id not in self.orders:
            self._account.holdings.orders += 1
        self.orders[order.id] = order

    def keep(self, order: Order) -> Order:
        """Remember an order as it stands."""
        self.reserve(order)
        still_open = self._open.setdefault(order.symbol, {})
        if order.status == "open":
            still_open[order.id] = None
        else:
            still_open.pop(order.id, None)
        self._journal.note(order)
        if order.status != "open":
            self.on_end(order)
        return order

    def tell(self, position: Position) -> None:
        """Tell those who listen what has changed of a position, other than by a fill."""
        self._journal.note(position)
