# Edited in templates/venues/mock/books/taking.py; the copy in generated/ is imported.
"""Fills what comes: it takes the best price of the market first, as far as its own price goes."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from venues.mock.books.kept_orders import KeptOrders
from venues.mock.books.order import Order, Side
from venues.mock.books.quotes import Depth
from venues.mock.books.triggers import fires, followed
from venues.mock.request.received import RequestRefused

ENDS_AT_ONCE = frozenset({"ioc", "fok", "market"})


class Taking(KeptOrders):
    """Takes in orders, which are filled at once, or wait."""

    def check(self, order: Order, *, refuses_triggered: bool) -> None:
        """Refuse an order that could not be placed now.

        Raises:
            RequestRefused: for a post-only order that would be filled at once, and for a stop that the market has passed.
        """
        price = self.price_of(order.symbol)
        has_fired = order.trigger is not None and price is not None and fires(order.trigger, order.side, price)
        if has_fired and refuses_triggered:
            raise RequestRefused("would_trigger", "the market has passed the price that it would wait for")
        self._check_post_only(order)

    def place(self, order: Order, *, refuses_triggered: bool = False, is_locked: bool = False) -> Order:
        """Take an order, and return it as it stands then: filled at once if the market is there already.

        Args:
            order: What is placed.
            refuses_triggered: Whether a stop that the market has passed is refused.
            is_locked: Whether it was checked, and has what it is to lock: of rivals only one locks money.

        Raises:
            RequestRefused: for a post-only order that would be filled at once, and where money does not suffice.
        """
        trigger = order.trigger
        if trigger is not None:
            price = self.price_of(order.symbol)
            if price is not None:
                trigger = followed(trigger, order.side, price)
                order = replace(order, trigger=trigger)
            if price is None or not fires(trigger, order.side, price):
                return self._keep_locked(order if is_locked or "unfunded" in order.features else self._locked(order))
            if refuses_triggered:
                raise RequestRefused("would_trigger", "the market has passed the price that it would wait for")
            order = replace(order, trigger=None)
        placed = self._enter(order if is_locked else self._locked(order))
        if self.later:
            self._do_later()
        return placed

    def _do_later(self) -> None:
        while self.later:
            self.later.pop(0)()

    def _locked(self, order: Order) -> Order:
        waits = order.trigger.stop or order.trigger.take_profit if order.trigger else None
        price = order.price or waits or self.price_of(order.symbol)
        self._check_post_only(order)
        return self._account.lock(order, price) if price is not None else order

    def _check_post_only(self, order: Order) -> None:
        is_refused = "would_take" not in self._account.trading.cancels
        if is_refused and order.trigger is None and "post_only" in order.features and self._would_take(order):
            raise RequestRefused("would_take", "a post-only order would be filled at once")

    def has_sellers(self, order: Order) -> bool:
        """Whether the market has anything that an order could take."""
        return next(self.market(order.symbol).against(order.side, None), None) is not None

    def _would_take(self, order: Order) -> bool:
        return next(self.market(order.symbol).against(order.side, order.price), None) is not None

    def _enter(self, order: Order) -> Order:
        """Match an order against the market."""
        order = self._keep_locked(order)
        if "post_only" in order.features and self._would_take(order):
            # Most exchanges refuse it, as `_check_post_only` does; these accept it first, and cancel it at once.
            return self.end(order, "cancelled")
        wanted = self._fillable(order)
        found = [*self.market(order.symbol).against(order.side, None if "market" in order.features else order.price)]
        if found and ("fok" not in order.features or _is_deep(found, wanted)):
            order = self._take(order, found, wanted)
        if order.status == "open" and (
            order.features & ENDS_AT_ONCE or (order.is_reducing and not self._fillable(order))
        ):
            return self.end(order, "expired")
        return order

    def _fillable(self, order: Order) -> Decimal:
        """Return how much of an order can be filled: of one that only reduces, no more than there is to reduce."""
        return min(order.open_quantity, self._account.reducible(order)) if order.is_reducing else order.open_quantity

    def _take(self, order: Order, levels: Depth, wanted: Decimal) -> Order:
        market = self.market(order.symbol)
        for price, there in levels:
            part = wanted if there is None else min(wanted, there)
            if part:
                market.take(order.side, price, part)
                order = self._fill(order, price, part, maker=False)
                wanted -= part
        return order

    def _fill(self, order: Order, price: Decimal, quantity: Decimal, *, maker: bool, public: bool = True) -> Order:
        fill = self._account.settle(order, price, quantity, maker=maker)
        self.fills.append(fill)
        self._fills_of.setdefault(order.id, []).append(fill)
        self._journal.note(fill)
        filled = order.filled + quantity
        now = self.keep(
            replace(
                order,
                filled=filled,
                filled_value=order.filled_value + price * quantity,
                status="filled" if filled == order.quantity else "open",
                changed_at=self.now,
                fee=order.fee + fill.fee,
                fee_coin=fill.fee_coin,
                profit=order.profit + fill.profit,
                position_id=fill.position_id or order.position_id,
            )
        )
        if public:
            taker: Side = order.side if not maker else "sell" if order.side == "buy" else "buy"
            self._journal.note(self.market(order.symbol).trade(taker, price, quantity, self.now))
        self._account.tell_position(fill)
        self.on_fill(now)
        if now.group is not None:
            self.on_change(now)
        # Not `now`: what hears of the fill may have changed the order again.
        return self.orders[now.id]


def _is_deep(levels: Depth, wanted: Decimal) -> bool:
    """Whether levels hold a quantity; some levels are never used up."""
    return any(there is None for _, there in levels) or sum(there or 0 for _, there in levels) >= wanted
