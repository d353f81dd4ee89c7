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

<<<<<<< HEAD
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
        """Let the time go on; it never goes back, even if the clock of the machine does."""
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
        """Whether anybody is in the market whom an order could take something from."""
        return next(self.market(order.symbol).against(order.side, None), None) is not None

    def _would_take(self, order: Order) -> bool:
        return next(self.market(order.symbol).against(order.side, order.price), None) is not None

    def _enter(self, order: Order) -> Order:
        """Let an order into the market."""
        order = self._keep_locked(order)
        if "post_only" in order.features and self._would_take(order):
            return self.end(order, "canceled")
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
        """Remember an order of which nobody hears yet, so that its id is taken."""
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

=======
>>>>>>> h/mock
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
        """Let positions and waiting orders follow the market, until nothing fires any more."""
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
        """Let an order that waited into the market."""
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
<<<<<<< HEAD
            return self.end(order, "canceled")


def _is_deep(levels: Depth, wanted: Decimal) -> bool:
    """Whether so much can be had; there is no end to some levels."""
    return any(there is None for _, there in levels) or sum(there or 0 for _, there in levels) >= wanted
=======
            return self.end(order, "cancelled")
>>>>>>> h/mock
