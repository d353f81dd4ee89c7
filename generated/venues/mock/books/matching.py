# Edited in templates/venues/mock/books/matching.py; the copy in generated/ is imported.
"""Fills what waits, by price and then by time, when a market moves; and lets orders change."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from venues.mock.books.journal import Amended, Moved
from venues.mock.books.order import NOTHING, Fill, Order, Side
from venues.mock.books.quotes import Depth, Quotes
from venues.mock.books.taking import Taking
from venues.mock.books.triggers import fires, followed
from venues.mock.request.received import RequestRefused


class Matching(Taking):
    """All orders, the markets, and what was filled."""

    def amend(self, order: Order, price: Decimal | None, quantity: Decimal) -> Order:
        """Change an open order; it is filled at once if the market has reached its new price.

        Raises:
            RequestRefused: where money does not suffice; the order stays as it was.
        """
        self._account.unlock(order, order.open_quantity)
        wanted = replace(order, price=price, quantity=quantity, held=NOTHING, changed_at=self.now)
        try:
            wanted = self._locked(wanted)
        except RequestRefused:
            # As it was: this much was available before.
            self._account.relock(order)
            raise
        self._journal.note(Amended(order.id))
        if not wanted.open_quantity:
            return self.keep(replace(wanted, status="filled"))
        amended = self._keep_locked(wanted) if wanted.trigger else self._enter(wanted)
        self._do_later()
        return amended

    def move(self, symbol: str, price: Decimal, quantity: Decimal | None = None) -> list[Fill]:
        """Set the price of a symbol, and fill what it crosses; return the fills.

        Args:
            symbol: As the exchange writes it.
            price: The price.
            quantity: How much is traded there; without it, all that is crossed is filled.
        """
        market, before = self.market(symbol), len(self.fills)
        crossed = self._crossed(symbol, price)
        side: Side = "sell" if any(order.side == "buy" for order in crossed) else "buy"
        if quantity is not None:
            self._journal.note(market.trade(side, price, quantity, self.now))
        left = quantity
        for order in crossed:
            if self.orders[order.id].status != "open":
                continue  # it has ended with another one of its group
            fillable = self._fillable(order)
            part = fillable if left is None else min(fillable, left)
            if part:
                self._fill(order, order.price or price, part, maker=True, public=quantity is None)
            left = None if left is None else left - part
        # Last, for fills are public, too, and those of waiting orders have other prices.
        if quantity is None or not market.is_book:
            market.set_price(price, self.now)
        self._follow(symbol)
        return self.fills[before:]

    def set_book(self, symbol: str, bids: Depth, asks: Depth) -> list[Fill]:
        """Replace the book of a symbol, fill the orders that it crosses, and return the fills."""
        market, before = self.market(symbol), len(self.fills)
        market.set_book(bids, asks)
        for side, best in (("buy", asks[:1]), ("sell", bids[:1])):
            for order in self._crossed(symbol, best[0][0]) if best else ():
                if order.side == side and order.status == "open":
                    self._rest_against(order, market)
        self._follow(symbol)
        return self.fills[before:]

    def _rest_against(self, order: Order, market: Quotes) -> None:
        """Fill an order that waited, at its own price, with what now stands against it."""
        for price, there in [*market.against(order.side, order.price)]:
            part = self._fillable(order) if there is None else min(self._fillable(order), there)
            if part:
                market.take(order.side, price, part)
                order = self._fill(order, order.price or price, part, maker=True)

    def _crossed(self, symbol: str, price: Decimal) -> list[Order]:
        orders = self.orders
        # Of buys the highest price comes first, of sells the lowest: the one that is crossed furthest.
        return sorted(
            (
                order
                for order in map(orders.__getitem__, self._open.get(symbol, ()))
                if order.trigger is None and not order.is_pending and order.is_crossed_by(price)
            ),
            key=lambda order: (-abs((order.price or price) - price), order.id),
        )

    def _follow(self, symbol: str) -> None:
        """Update positions and waiting orders after a move of the market, until nothing fires any more."""
        self._journal.note(Moved(symbol, self.now, self._account.market))
        price = self.price_of(symbol)
        if price is None:
            return
        self._account.set_price(symbol, price)
        for order in self.open_orders(symbol):
            if order.trigger is None or order.is_pending or self.orders[order.id].status != "open":
                continue
            trigger = followed(order.trigger, order.side, price)
            if fires(trigger, order.side, price):
                self._on_trigger(order)
            elif trigger is not order.trigger:
                self.orders[order.id] = replace(order, trigger=trigger)
        self._do_later()
        self._account.set_price(symbol, self.price_of(symbol) or price)

    def enter_triggered(self, order: Order) -> Order:
        """Send an order that waited to the market."""
        if "close" in order.features:
            # All that there is by then, which may be more or less than when it was placed.
            order = replace(order, quantity=self._account.reducible(order) or order.quantity)
        if order.is_reducing and not self._fillable(order):
            return self.end(order, "expired")
        order = replace(order, trigger=None, changed_at=self.now)
        try:
            return self._enter(self._locked(order) if "unfunded" in order.features else order)
        except RequestRefused:
            # Where money does not suffice once it is triggered; it has locked none.
            return self.end(order, "cancelled")
