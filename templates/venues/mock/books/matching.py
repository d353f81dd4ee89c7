# Edited in templates/venues/mock/books/matching.py; the copy in generated/ is imported.
"""Fills orders by the price that a test sets: the best price first, then the oldest."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Literal

from venues.mock.books.journal import Journal
from venues.mock.books.order import Fill, NotSimulated, Order

ENDS_AT_ONCE = frozenset({"ioc", "fok"})


class Matching:
    """All orders, the prices of the market, and what was filled."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.orders: dict[int, Order] = {}
        self.fills: list[Fill] = []
        self.prices: dict[str, Decimal] = {}
        """Symbol → the latest price that the test set."""
        self.now: int = 0

    def set_time(self, now: int) -> None:
        """Let the time go on; it never goes back, even if the clock of the machine does."""
        self.now = max(self.now, now)

    def place(self, order: Order) -> Order:
        """Take an order, and return it as it stands then: filled at once if the market is there already.

        Raises:
            NotSimulated: for a post-only order that would be filled at once: exchanges differ in what they do then.
        """
        price = self.prices.get(order.symbol)
        crossed = price is not None and order.is_crossed_by(price)
        if crossed and "post_only" in order.features:
            raise NotSimulated(f"{order.operation} with a post-only order that would be filled at once")
        self._keep(order)
        if crossed and price is not None:
            return self._fill(order, price, order.quantity, maker=False)
        return self.end(order, "expired") if order.features & ENDS_AT_ONCE else order

    def end(self, order: Order, status: Literal["cancelled", "expired"]) -> Order:
        """End an order that is open, and return it."""
        return self._keep(replace(order, status=status, changed_at=self.now))

    def _keep(self, order: Order) -> Order:
        self.orders[order.id] = order
        self._journal.note(order)
        return order

    def move(self, symbol: str, price: Decimal, quantity: Decimal | None = None) -> list[Fill]:
        """Set the price of a symbol, and fill what it crosses; return the fills.

        Args:
            symbol: As the exchange writes it.
            price: The price.
            quantity: How much is traded there; without it, all that is crossed is filled.
        """
        self.prices[symbol] = price
        before = len(self.fills)
        for order in self._crossed(symbol, price):
            part = order.open_quantity if quantity is None else min(order.open_quantity, quantity)
            if part:
                self._fill(order, order.price or price, part, maker=True)
            quantity = None if quantity is None else quantity - part
        return self.fills[before:]

    def _crossed(self, symbol: str, price: Decimal) -> list[Order]:
        found = [
            order
            for order in self.orders.values()
            if order.symbol == symbol and order.status == "open" and order.is_crossed_by(price)
        ]
        # Of buys the highest price comes first, of sells the lowest: the one that is crossed furthest.
        return sorted(found, key=lambda order: (-abs((order.price or price) - price), order.id))

    def _fill(self, order: Order, price: Decimal, quantity: Decimal, *, maker: bool) -> Order:
        fill = Fill(order.id, order.symbol, order.side, price, quantity, maker, self.now)
        self.fills.append(fill)
        self._journal.note(fill)
        filled = order.filled + quantity
        changed = replace(
            order,
            filled=filled,
            filled_value=order.filled_value + price * quantity,
            status="filled" if filled == order.quantity else "open",
            changed_at=self.now,
        )
        return self._keep(changed)
