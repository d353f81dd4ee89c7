# Edited in templates/venues/mock/books/facts.py; the copy in generated/ is imported.
"""Puts orders and fills into the words of the specification: what a fill's `fee` is, and what a status may say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import combinations

import msgspec

from venues.mock.books.order import NOTHING, Fill, Group, Order
from venues.mock.declared.holders import Words
from venues.mock.exact import Json

Levels = Sequence[tuple[Decimal, Decimal]]


SAID = dict.fromkeys(
    ("leverage", "take_profit price", "trailing", "trailing price", "exit.stop price", "exit.take_profit price")
)
"""What an order has as it was sent; None where it was not."""

SWITCHES = ("reduce_only", "post_only", "close")
FEATURELESS: Mapping[str, Iterable[Words]] = {"kind": [()], **{switch: [()] for switch in SWITCHES}}
"""What is said of an order that is nothing special, as most are."""

NAMED: frozenset[str] = frozenset()
UNNAMED = frozenset({"client_id"})


class Facts(msgspec.Struct, frozen=True, gc=False):
    """What is known of one thing, by meaning."""

    values: Mapping[str, Json]
    """None for what the thing does not have."""

    words: Mapping[str, Iterable[Words]] = {}
    """What may be said of it; what says most comes first."""

    at: int = 0
    changed_at: int = 0
    is_short: bool = False
    levels: Mapping[str, Levels] = {}
    sent: Mapping[str, Json] = {}
    unsaid: frozenset[str] = frozenset()
    """What is left out where an answer may do without it."""

    inner: Mapping[str, Sequence[Facts]] = {}
    """Kind → what is known of the things in this one, such as an order's fills."""

    @property
    def known(self) -> set[str]:
        """The meanings of which it is known whether the thing has them."""
        return {*self.values, *self.words}


def facts_of_order(order: Order, fills: Iterable[Fill] = ()) -> Facts:
    """Return what is known of an order and its fills."""
    trigger = order.trigger
    stop = trigger.stop or trigger.take_profit if trigger else None
    values = {
        "id": order.id,
        "client_id": order.client_id,
        "symbol": order.symbol,
        "price": order.price if order.price is not None else NOTHING,
        "quantity": order.quantity,
        "value": order.quantity * (order.price or order.average_price),
        "filled quantity": order.filled,
        "filled value": order.filled_value,
        "filled price": order.average_price,
        "open quantity": order.open_quantity,
        "fee": order.fee,
        "fee by coin": {order.fee_coin: format(order.fee, "f")} if order.fee_coin else {},
        "profit": order.profit,
        "coin": order.held_coin or None,
        "margin": order.held * order.open_quantity,
        "position.id": order.position_id,
        "order.id": order.became,
        "order.client_id": order.former_client_id,
        # One that is in no group stays as in the example, which says so: -1.
        **({"group.id": order.group} if order.group is not None else {}),
        **SAID,
        **({} if SAID.keys().isdisjoint(order.said) else _said(order)),
        "stop price": order.said.get("stop price", stop),
        "within": order.market,
    }
    words: dict[str, Iterable[Words]] = {
        "side": [(order.side,)],
        "position.side": [(order.slot,) if order.slot else (), (order.slot or order.side,)],
        "status": statuses_of(order),
        **(_features(order) if order.features else FEATURELESS),
    }
    # An id that the caller did not send is made up only where an answer must have one.
    unsaid = NAMED if order.own_id else UNNAMED
    inner = {"fill": [facts_of_fill(fill) for fill in fills]}
    return Facts(values, words, order.placed_at, order.changed_at, sent=order.sent, unsaid=unsaid, inner=inner)


def _said(order: Order) -> dict[str, str]:
    return {phrase: order.said[phrase] for phrase in SAID if phrase in order.said}


def _features(order: Order) -> dict[str, Iterable[Words]]:
    switches = {switch: [(switch,) if switch in order.features else ()] for switch in SWITCHES}
    return {"kind": [*subsets(order.features)], **switches}


def facts_of_group(group: Group, orders: Sequence[Facts]) -> Facts:
    """Return what is known of a group, and of its orders."""
    values = {"id": group.id, "client_id": group.client_id, "symbol": group.symbol}
    words: dict[str, Iterable[Words]] = {"kind": [(group.kind,)], "status": [(group.status,)]}
    return Facts(values, words, group.changed_at, group.changed_at, inner={"order": orders})


def subsets(features: frozenset[str]) -> Iterable[Words]:
    """Yield what may be said of features, what says most first."""
    ordered = sorted(features)
    for size in range(len(ordered), -1, -1):
        yield from combinations(ordered, size)


def statuses_of(order: Order) -> list[Words]:
    """Return what a status may say, what says most before what says less."""
    if order.is_pending and order.status == "open":
        return [("open", "waiting"), ("waiting",), ("open",)]
    if order.trigger is not None and order.status == "open":
        return [("waiting",), ("open",)]
    if order.trigger is not None and order.status in ("cancelled", "expired"):
        return [("cancelled", "waiting"), (order.status,), ("cancelled",)]
    some = ("filled",) if order.filled and order.status != "filled" else ()
    ends: list[Words] = [(order.status,)] if order.status != "expired" else [("expired",), ("cancelled",)]
    if order.status == "triggered":
        ends.append(("filled",))
    # `filled` alone says that all of it is, so a part of it is said only beside another word.
    return [(*end, *some) for end in ends] + ends if some else ends


def facts_of_fill(fill: Fill) -> Facts:
    """Return what is known of a fill."""
    values = {
        "id": fill.id,
        "symbol": fill.symbol,
        "coin": fill.fee_coin or None,
        "price": fill.price,
        "quantity": fill.quantity,
        "value": fill.price * fill.quantity,
        "fee": fill.fee,
        "profit": fill.profit,
        "order.id": fill.order_id,
        "order.client_id": fill.client_id,
        "order.price": fill.order_price,
        "order.quantity": fill.order_quantity,
        "order.open quantity": fill.order_left,
        "position.id": fill.position_id,
        "within": fill.market,
    }
    words: dict[str, Iterable[Words]] = {
        "side": [(fill.side,)],
        "maker": [("maker",) if fill.maker else ()],
        "kind": [*subsets(fill.features)],
        "position.side": [(fill.slot,) if fill.slot else (), (fill.slot or fill.side,)],
    }
    return Facts(values, words, fill.at, fill.at)


def facts_of_refusal(*, id: str | None, client_id: str | None, symbol: str | None, code: str, message: str) -> Facts:
    """Return what is known of an order of a batch that was refused."""
    return Facts({"id": id, "client_id": client_id, "symbol": symbol, "code": code, "message": message})
