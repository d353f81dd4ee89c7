# Edited in templates/venues/mock/streams/wording.py; the copy in generated/ is imported.
"""What happened, by meaning: what the members of a push have to say of an order, a fill, money, or the market."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from venues.mock.books.journal import Trade
from venues.mock.books.money import Balance, Position
from venues.mock.books.order import Fill, Order
from venues.mock.declared.orders import Member, Words
from venues.mock.exact import Json, parse, put, value_at
from venues.mock.request.received import text_of

NOTHING = Decimal(0)
Meant = Mapping[str, Json]
"""Phrase → a number or text, or the words that a value may say, those that say most first."""


def order_meant(order: Order, fill: Fill | None) -> Meant:
    """Return what is so of an order after a fill, or after something else has changed it."""
    return {
        "id": order.id,
        "client_id": order.client_id,
        "symbol": order.symbol,
        "side": [(order.side,)],
        "kind": order.features,
        "status": _statuses(order),
        "position.side": [tuple(order.said.get("position.side", "").split())],
        "price": order.price or NOTHING,
        "quantity": order.quantity,
        "value": order.quantity * (order.price or order.average_price),
        "filled quantity": order.filled,
        "filled value": order.filled_value,
        "filled price": order.average_price,
        "open quantity": order.open_quantity,
        "leverage": order.said.get("leverage"),
        "time": order.placed_at,
        "changed": order.changed_at,
        **{f"fill.{phrase}": value for phrase, value in _fill_part(order, fill).items()},
    }


def _fill_part(order: Order, fill: Fill | None) -> Meant:
    if fill is None:
        return {"id": 0, "price": NOTHING, "quantity": NOTHING, "maker": frozenset(), "time": order.changed_at}
    return fill_meant(fill)


def fill_meant(fill: Fill) -> Meant:
    """Return what is so of a fill."""
    return {
        "order.id": fill.order_id,
        "symbol": fill.symbol,
        "side": [(fill.side,)],
        "price": fill.price,
        "quantity": fill.quantity,
        "value": fill.price * fill.quantity,
        "maker": frozenset({"maker"} if fill.maker else ()),
        "time": fill.at,
        "changed": fill.at,
    }


def trade_meant(trade: Trade) -> Meant:
    """Return what is so of a public trade."""
    return {
        "id": trade.id,
        "symbol": trade.symbol,
        "side": [(trade.side,)],
        "price": trade.price,
        "quantity": trade.quantity,
        "value": trade.price * trade.quantity,
        "time": trade.at,
        "changed": trade.at,
    }


def balance_meant(balance: Balance, now: int) -> Meant:
    """Return what is so of a balance."""
    return {
        "coin": balance.coin,
        "symbol": balance.symbol,
        "quantity": balance.quantity,
        "available": balance.available,
        "open quantity": balance.locked,
        "margin": balance.margin,
        "open profit": balance.open_profit,
        "loan": balance.loan,
        "interest": balance.interest,
        "time": now,
        "changed": now,
    }


def position_meant(position: Position, price: Decimal | None) -> Meant:
    """Return what is so of a position at the market's price."""
    return {
        "id": position.id,
        "symbol": position.symbol,
        "side": [(position.slot,) if position.slot else (position.side,), (position.side,), ()],
        "position.side": [(position.slot,) if position.slot else ()],
        "quantity": position.quantity,
        "price": position.price,
        "open profit": NOTHING if price is None else position.open_profit(price),
        "market price": price,
        "leverage": position.leverage,
        "isolated": frozenset({"isolated"} if position.isolated else ()),
        "margin": position.margin,
        "profit": position.profit,
        "coin": position.coin,
        "is short": position.side == "sell",
        "time": position.opened_at,
        "changed": position.changed_at,
    }


def _statuses(order: Order) -> list[Words]:
    some = ("filled",) if order.filled and order.status != "filled" else ()
    ends: list[Words] = [(order.status,)] if order.status != "expired" else [("expired",), ("cancelled",)]
    # `filled` alone says that all of it is, so a part of it is said only beside another word.
    return [(*end, *some) for end in ends] + ends if some else ends


def worded(example: str, members: Iterable[Member], meant: Meant) -> Json:
    """Return a thing in the exchange's words; what nothing is known of stays as in the example."""
    document = parse(example)
    for member in members:
        old = value_at(document, member.path)
        if old is None:
            continue
        value = _value(member, meant)
        if value is not None:
            put(document, member.path, value if isinstance(value, (bool, list)) else _in_form(value, old))
        elif member.optional and isinstance(document, dict):
            value_at(document, member.path[:-1]).pop(member.path[-1])
        elif member.kind == "decimal":
            put(document, member.path, _in_form(NOTHING, old))
    return document


def _value(member: Member, meant: Meant) -> Json:
    value = meant.get(member.phrase)
    if member.says:
        return _choice(member, value)
    if isinstance(value, frozenset):
        return member.phrase.rpartition(".")[2] in value
    if isinstance(value, Decimal) and member.signed and meant.get("is short"):
        return -value
    if member.kind == "timestamp_s" and isinstance(value, int):
        return value // 1000
    return value


def _choice(member: Member, value: Json) -> Json:
    """Return the value that says what is so, and nothing that is not; None where there is none."""
    if isinstance(value, frozenset):
        fitting = sorted((words for words in member.says.values() if value.issuperset(words)), key=len, reverse=True)
    else:
        fitting = value or []
    found = next((text for words in fitting for text, said in member.says.items() if set(said) == set(words)), None)
    return found == "true" if found is not None and member.kind == "boolean" else found


def _in_form(value: Json, example: Json) -> Json:
    """Return a value as text or number, as the example has it."""
    if isinstance(example, str):
        return text_of(value)
    if isinstance(value, str) and isinstance(example, (int, Decimal)) and not isinstance(example, bool):
        value = Decimal(value)
    return int(value) if isinstance(value, Decimal) and value == int(value) else value
