# Edited in templates/venues/mock/books/exits.py; the copy in generated/ is imported.
"""Take-profits and stop-losses that come with an order: they close the whole position, and end with it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Literal

from msgspec.structs import replace

from venues.mock.books.account import Account
from venues.mock.books.matching import Matching
from venues.mock.books.money import Position
from venues.mock.books.order import Order, Trigger
from venues.mock.books.placing import OTHER

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

        matching.on_fill, matching.on_end = self._follow, self._forget

    def _follow(self, order: Order) -> None:
        # Later, for the market may be in the middle of a move.
        self._matching.later.append(lambda: self._update(order))

    def _update(self, order: Order) -> None:
        """Update the exits of a position after a fill that has moved it."""
        key = order.symbol, order.slot
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

    def _place(self, key: Key, kind: Kind, order: Order) -> None:
        """Place the exit that an order has, in the place of the one that the position had."""
        price = Decimal(order.said.get(f"exit.{kind} price", 0))
        _, origin = self._ids.get((key, kind), (0, 0))
        position = self._account.positions.get(key)
        if not price or origin == order.id or position is None:
            return
        if origin:
            self._matching.end_open(self._open(key)[kind], "cancelled")
        exit = self._exit(kind, price, position, order)
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
            trigger=Trigger(stop=price) if kind == "stop" else Trigger(take_profit=price),
            slot=order.slot,
            position_id=position.id,
            market=order.market,
        )
