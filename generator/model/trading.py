"""Where the limits of instruments stand, and which client order ids are taken: found by what fields mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct as Record
from msgspec.structs import replace

from generator.model.api import Api
from generator.model.fitting import wire_text
from generator.model.meaning import Held, Meanings, Place
from generator.model.operations import Operation
from generator.model.types import Field, Param, Struct, Type

ATTRIBUTES = {
    "symbol": "symbol",
    "base": "base",
    "quote": "quote",
    "coin": "margin",
    "status": "status",
    "step price": "tick",
    "min price": "min_price",
    "max price": "max_price",
    "step quantity": "step",
    "min quantity": "min_quantity",
    "max quantity": "max_quantity",
    "min value": "min_notional",
    "max value": "max_notional",
    "quantity": "contract_size",
    "max order": "max_orders",
    "max leverage": "max_leverage",
}
"""What instruments have → the attribute of the runtime's `Instrument`."""
TEXTS = frozenset({"symbol", "base", "quote", "margin", "status"})
"""Attributes that are no numbers."""
OF_MARKET_ORDERS = frozenset({"step", "min_quantity", "max_quantity"})
"""Attributes that market orders may have for themselves, with `market_` before the name."""
SCALED = frozenset({"base coin", "quote coin", "coin", "contracts"})
"""Units of limits that depend on the instrument; every other one but `digits` is the name of a coin."""


class Fact(Record, frozen=True):
    """A member of an answer that says something about an instrument."""

    attribute: str
    place: Place
    path: tuple[str, ...]
    """Python names, from the instrument inward."""
    when: tuple[tuple[str, tuple[str, ...]], ...]
    """Members beside it (Python names), and the values of which one they must have."""
    form: Literal["number", "integer", "digits", "text"]
    coin: str | None
    """The coin that it is in, where that is always the same one."""

    limit_only: bool
    """Whether it holds for orders with a price only."""


class InstrumentSource(Record, frozen=True):
    """An operation that returns instruments, or a part of what is known of them."""

    operation: Operation
    path: tuple[str, ...]
    """Python names, from the payload to the instruments; none where a pager gives them one by one."""
    facts: tuple[Fact, ...]
    tradable: tuple[str, ...]
    """Values of the status with which orders are accepted."""
    halted: tuple[str, ...]
    """Values of the status with which they are not."""
    market: str | None = None
    """The value of the parameter that chooses a market, where an API has several."""


def instrument_sources(api: Api) -> tuple[InstrumentSource, ...]:
    """Return the operations that list instruments without being asked for something in particular."""
    meanings = Meanings(api.structs, api.enums)
    return tuple(
        replace(_source(api, meanings, operation, held), market=market)
        for operation in api.operations
        # Calls that need other arguments would have to be made once per symbol.
        if operation.does("list", "instrument")
        and not any(param.required and param.wire != api.market for param in operation.params)
        for market in _markets(api, operation)
        for held in meanings.held(operation.returns, "instrument")
    )


def _markets(api: Api, operation: Operation) -> tuple[str | None, ...]:
    """Return the markets for which a call is made; None where it is made once."""
    param = next((param for param in operation.params if param.wire == api.market), None)
    if param is None:
        return (None,)
    named = (member.value for enum in api.enums if enum.name == param.type.name for member in enum.members)
    return tuple(map(wire_text, param.values or tuple(named)))


def _source(api: Api, meanings: Meanings, operation: Operation, held: Held) -> InstrumentSource:
    places = meanings.places(held.struct, "instrument")
    status = next((place.field for place in places if place.phrase.text == "status"), None)
    said = _values(api, meanings, status) if status else {}
    return InstrumentSource(
        operation,
        () if operation.paging else tuple(field.name for field in held.fields),
        tuple(fact for place in places for fact in _fact(api, held.struct, place)),
        tuple(value for value, is_open in said.items() if is_open),
        tuple(value for value, is_open in said.items() if not is_open),
    )


def _values(api: Api, meanings: Meanings, status: Field) -> dict[str, bool]:
    """Return the values of a status that are known to mean that orders are accepted, or that they are not."""
    enum = next((enum for enum in api.enums if enum.name == status.type.name), None)
    reads = status.means.reads if status.means else {}
    values = [wire_text(member.value) for member in enum.members] if enum and not reads else list(reads)
    said = {value: meanings.says(status, value) for value in values}
    # Values without a meaning belong to neither list: whether orders are accepted then is unknown.
    return {value: "open" in words for value, words in said.items() if words is not None}


def _fact(api: Api, struct: Struct, place: Place) -> Iterator[Fact]:
    attribute = ATTRIBUTES.get(place.phrase.text)
    # Most limits are the same for limit and market orders; only those of quantities are known to differ.
    if attribute is None or (place.phrase.market and attribute not in OF_MARKET_ORDERS):
        return
    # Conditions of other kinds are left out with what they decide: an unknown limit misleads no one.
    if all(condition.values for condition in place.phrase.when):
        beside = _struct(api, place.fields[-2].type) if len(place.fields) > 1 else struct
        names = {field.wire: field.name for field in beside.fields}
        yield Fact(
            f"market_{attribute}" if place.phrase.market else attribute,
            place,
            place.names,
            tuple((names[one.wire], tuple(map(wire_text, one.values))) for one in place.phrase.when),
            _form(attribute, place.field),
            place.field.unit if attribute.endswith("notional") and place.field.unit not in SCALED else None,
            place.phrase.limit,
        )


def _form(attribute: str, field: Field) -> Literal["number", "integer", "digits", "text"]:
    if attribute in TEXTS:
        return "text"
    if field.unit == "digits":
        return "digits"
    return "integer" if attribute == "max_orders" else "number"


class ClientIdForm(Record, frozen=True):
    """What orders take as a client order id."""

    max_length: int | None
    patterns: tuple[str, ...]


def client_id_form(api: Api) -> ClientIdForm | None:
    """Return the form that every call that places orders takes as a client order id, or None where none takes one."""
    # Where a spec does not say what its calls do, every call with an id counts.
    makers = [operation for operation in api.operations if operation.does("place", "order")] or api.operations
    params = [param for operation in makers for param in _client_ids(api, operation)]
    if not params:
        return None
    lengths = [param.max_length for param in params if param.max_length is not None]
    # All patterns: one id should fit every call that places orders, single ones and batches.
    patterns = dict.fromkeys(param.pattern for param in params if param.pattern is not None)
    return ClientIdForm(min(lengths, default=None), tuple(patterns))


def _client_ids(api: Api, operation: Operation) -> Iterator[Param]:
    """Yield the parameters of a call that hold the caller's ids of what it makes."""
    for param in operation.params:
        if param.wire == operation.client_id:
            yield param
        elif operation.batch is not None and param.wire == operation.batch.wire:
            yield from (member for member in _members(api, param.type) if member.wire == operation.batch.member)


def _members(api: Api, typed: Type) -> tuple[Param, ...]:
    return next((api.structs_by_name[name].params for name in typed.names if name in api.structs_by_name), ())


def _struct(api: Api, typed: Type) -> Struct:
    return next(api.structs_by_name[name] for name in typed.names if name in api.structs_by_name)
