# Edited in templates/venues/mock/books/exits.py; the copy in generated/ is imported.
"""Take-profits and stop-losses of positions, which come with an order or are set: they close the whole position."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Literal

from msgspec.structs import replace

from venues.mock.books.account import Account
from venues.mock.books.matching import Matching
from venues.mock.books.money import Position
from venues.mock.books.order import NotSimulated, Order, Trigger
from venues.mock.books.placing import OTHER
from venues.mock.books.triggers import fires

Key = tuple[str, str]
"""Symbol and slot of a position."""

Kind = Literal["stop", "take_profit"]
KINDS: tuple[Kind, ...] = ("take_profit", "stop")


class Exits:
    """The exits of the positions of one account: of each position there is one of each kind at most."""

    def __init__(self, account: Account, matching: Matching, keep_id: Callable[[Order], Order]) -> None:
        self._account, self._matching, self._keep_id = account, matching, keep_id
        self._ids: dict[tuple[Key, Kind], tuple[int, int]] = {}
        """Position and kind → ids of the exit, and of the order that it came with."""
        self._latest: dict[Key, Order] = {}
        """Position → the order that changed it last: an exit that is set later is listed where that is."""

        matching.on_fill, matching.on_end = self._follow, self._forget

    def _follow(self, order: Order) -> None:
        # Later, for the market may be in the middle of a move.
        self._matching.later.append(lambda: self._update(order))

    def _update(self, order: Order) -> None:
        """Update the exits of a position after a fill that has moved it."""
        key = order.symbol, order.slot
        self._latest[key] = order
        position = self._account.positions.get(key)
        for exit in [*self._open(key).values()]:
            if position is None or exit.side == position.side:
                self._matching.end_open(exit, "cancelled")
            elif exit.quantity != position.quantity:
                self._matching.keep(replace(exit, quantity=position.quantity, changed_at=self._matching.now))
        if position is not None and order.side == position.side:
            for kind in KINDS:
                self._place(key, kind, order)

    def _open(self, key: Key) -> dict[Kind, Order]:
        found: dict[Kind, Order] = {}
        for kind in KINDS:
            if (key, kind) in self._ids:
                found[kind] = self._matching.orders[self._ids[key, kind][0]]
        return found

    def _forget(self, order: Order) -> None:
        """Note that an exit has ended, whether filled, canceled or expired."""
        for (key, kind), (id, _) in [*self._ids.items()]:  # a copy, for entries are deleted
            if id == order.id:
                del self._ids[key, kind]
                self._show(key, kind, None)

    def change(self, call: str, key: Key, prices: Mapping[Kind, Decimal]) -> None:
        """Set the exits of a position; 0 cancels one.

        Args:
            call: Group and name of the call, for the error.
            key: The position.
            prices: What is set; the other exit stays as it is.

        Raises:
            NotSimulated: without a position, and for a price that the market has passed, since no code for it is known.
        """
        position, market_price = self._account.positions.get(key), self._matching.price_of(key[0])
        if position is None or market_price is None:
            raise NotSimulated(f"{call} without a position of {key[0]}: no code for that is documented")
        for kind, price in prices.items():
            if price and fires(_trigger(kind, price), OTHER[position.side], market_price):
                raise NotSimulated(f"{call} with a price that the market has passed: no code for that is documented")
        for kind, price in prices.items():
            self._set(key, kind, price)

    def _set(self, key: Key, kind: Kind, price: Decimal) -> None:
        exit = self._open(key).get(kind)
        if exit is None and price:
            self._add(key, kind, price, self._latest[key])
        elif exit is not None and price:
            # The order stays, with its id: only the price changes.
            now = self._matching.now
            self._matching.keep(replace(exit, trigger=_trigger(kind, price), changed_at=now))
            self._show(key, kind, price)
        elif exit is not None:
            self._matching.end_open(exit, "cancelled")

    def _place(self, key: Key, kind: Kind, order: Order) -> None:
        """Place the exit that an order has, in the place of the one that the position had."""
        price = Decimal(order.said.get(f"exit.{kind} price", 0))
        _, origin = self._ids.get((key, kind), (0, 0))
        if not price or origin == order.id or key not in self._account.positions:
            return
        if origin:
            self._matching.end_open(self._open(key)[kind], "cancelled")
        self._add(key, kind, price, order)

    def _add(self, key: Key, kind: Kind, price: Decimal, order: Order) -> None:
        """Place an exit that is written as those of an order."""
        exit = self._exit(kind, price, self._account.positions[key], order)
        self._ids[key, kind] = exit.id, order.id
        self._show(key, kind, price)
        self._keep_id(self._matching.place(exit, is_locked=True))

    def _show(self, key: Key, kind: Kind, price: Decimal | None) -> None:
        """Note on a position at which price it is closed."""
        position = self._account.positions.get(key)
        if position is not None:
            self._account.positions[key] = position = replace(position, **{kind: price})
            self._matching.tell(position)

    def _exit(self, kind: Kind, price: Decimal, position: Position, order: Order) -> Order:
        id, now = self._matching.new_id(), self._matching.now
        return Order(
            id,
            f"mock-{id}",
            order.operation,
            order.symbol,
            OTHER[position.side],
            frozenset({kind, "market", "reduce_only", "unfunded"}),
            None,
            position.quantity,
            now,
            now,
            shelf=order.shelf,
            wallet=order.wallet,
            trigger=_trigger(kind, price),
            slot=order.slot,
            position_id=position.id,
            market=order.market,
        )


def _trigger(kind: Kind, price: Decimal) -> Trigger:
    return Trigger(stop=price) if kind == "stop" else Trigger(take_profit=price)
