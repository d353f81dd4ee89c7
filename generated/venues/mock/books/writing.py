# Edited in templates/venues/mock/books/writing.py; the copy in generated/ is imported.
"""Writes orders in the exchange's words, into the places that the example of an answer has for them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from venues.mock.books.order import Order
from venues.mock.declared.orders import Held, Member, Says, Words
from venues.mock.exact import Json, parse, put, value_at
from venues.mock.request.received import text_of

ABSENT = object()
"""What an order does not have."""

UNKNOWN = frozenset({"fee", "profit", "margin", "position.id", "order.id"})
"""What the engine does not compute yet."""


def written(held: Held, order: Order) -> Json:
    """Return an order as the answer has it; what nothing is known of stays as in the example."""
    document = parse(held.example)
    for member in held.members:
        example = value_at(document, member.path)
        if example is None:
            continue
        value = _value(member, order)
        if value is ABSENT and member.optional:
            del value_at(document, member.path[:-1])[member.path[-1]]
        elif value is ABSENT:
            put(document, member.path, _in_form(Decimal(0), example))
        elif value is not None:
            put(document, member.path, value if isinstance(value, (dict, bool)) else _in_form(value, example))
    return document


def made_up(held: Held) -> tuple[str, ...]:
    """Return the members of an order that stay as in the example, or repeat a parameter of the same name."""
    known = {member.path[0] for member in held.members if member.phrase != "sent" and member.phrase not in UNKNOWN}
    return tuple(name for name in parse(held.example) if name not in known)


def _value(member: Member, order: Order) -> Json:
    """Return what a member of an order has; None where nothing is known of it."""
    if member.kind == "map":
        return {order.client_id: str(order.id)} if member.phrase == "id" else {}
    if member.phrase in UNKNOWN:
        return None
    if member.phrase == "sent":
        return order.sent.get(str(member.path[-1]))
    if member.kind.startswith("timestamp"):
        at = order.changed_at if member.phrase == "changed" else order.placed_at
        return at // 1000 if member.kind == "timestamp_s" else at
    if member.phrase == "client_id":
        return order.client_id if order.own_id or not member.optional else ABSENT
    if member.says:
        return _choice(member, order)
    return _numbers(order).get(member.phrase, ABSENT)


def _numbers(order: Order) -> dict[str, Json]:
    own = {phrase: text for phrase, text in order.said.items() if phrase == "leverage"}
    return {
        **own,
        "id": order.id,
        "symbol": order.symbol,
        "price": order.price if order.price is not None else Decimal(0),
        "quantity": order.quantity,
        "value": order.quantity * (order.price or order.average_price),
        "filled quantity": order.filled,
        "filled value": order.filled_value,
        "filled price": order.average_price,
        "open quantity": order.open_quantity,
    }


def _choice(member: Member, order: Order) -> Json:
    """Return the value that says what is so, and nothing that is not."""
    if member.phrase == "side":
        wanted: Iterable[Words] = [(order.side,)]
    elif member.phrase == "position.side":
        wanted = [tuple(order.said.get("position.side", "").split())]
    elif member.phrase == "status":
        wanted = _statuses(order)
    else:
        fitting = [words for words in member.says.values() if order.features.issuperset(words)]
        wanted = sorted(fitting, key=len, reverse=True)
    found = next((value for words in wanted if (value := _first(member.says, words)) is not None), None)
    return found == "true" if found is not None and member.kind == "boolean" else found


def _first(says: Says, words: Words) -> str | None:
    return next((value for value, said in says.items() if set(said) == set(words)), None)


def _statuses(order: Order) -> list[Words]:
    """Return what a status may say, what says most before what says less."""
    some = ("filled",) if order.filled and order.status != "filled" else ()
    ends: list[Words] = [(order.status,)] if order.status != "expired" else [("expired",), ("cancelled",)]
    # `filled` alone says that all of it is, so a part of it is said only beside another word.
    return [(*end, *some) for end in ends] + ends if some else ends


def _in_form(value: Json, example: Json) -> Json:
    """Return a value as text or number, as the example has it."""
    if isinstance(example, str):
        return text_of(value)
    if isinstance(value, str) and isinstance(example, (int, Decimal)) and not isinstance(example, bool):
        value = Decimal(value)
    return int(value) if isinstance(value, Decimal) and value == int(value) else value
