"""How a client learns how an order ended, derived from what operations do and what fields mean."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct as Record

from generator.model.api import Api
from generator.model.deeds import Shelf
from generator.model.meaning import Held, Place
from generator.model.operations import Operation
from generator.model.types import Struct
from generator.model.vocabulary import DONE

SENT = "sent"
MARKET = "market"
"""What fills a parameter, beside `SOURCES`: a time before the order was sent, or its market."""
SOURCES = frozenset({"id", "client_id", "symbol"})
"""What of an order a call can be given."""


class Find(Record, frozen=True):
    """A call that finds an order by its id."""

    operation: Operation
    filled: tuple[tuple[str, str], ...]
    """Parameter (wire name) → what of the order it is: `id`, `client_id`, `symbol`, `market`, or `sent`, a time before it."""

    held: Held
    id: Place
    status: Place

    @property
    def needs_symbol(self) -> bool:
        """Whether the symbol must be given."""
        return any(param.required and param.phrase == "symbol" for param in self.operation.params)

    @property
    def needs_market(self) -> bool:
        """Whether the market must be given."""
        return any(source == MARKET for _, source in self.filled)

    @property
    def path(self) -> tuple[str, ...]:
        """The way from the payload to the order by Python names."""
        return tuple(field.name for field in self.held.fields)


class Waiting(Record, frozen=True):
    """How orders of one shelf are waited for."""

    makers: tuple[Operation, ...]
    finds: tuple[Find, ...]
    """One that finds all orders, or one for open ones and one for closed ones, in this order."""

    structs: dict[str, dict[str, tuple[str, ...]]]
    """Struct that is such an order → what calls are given of it → the way to that by Python names."""

    states: dict[str, tuple[str, ...]]
    """What the values of the status say, by their texts; the meaning of all others is unknown."""

    channels: tuple[str, ...]
    """Channels that push orders of the account: what comes there says that it is time to look."""


def waitings(api: Api) -> tuple[Waiting, ...]:
    """Return how orders are waited for, shelf by shelf, where that is possible."""
    makers: dict[Shelf, list[Operation]] = {}
    for operation in api.operations:
        if operation.does("place", "order") or operation.does("close", "position"):
            makers.setdefault(operation.shelf, []).append(operation)
    found = ((shelf, made, _chosen(list(_finds(api, shelf)))) for shelf, made in makers.items())
    return tuple(
        Waiting(tuple(made), finds, _structs(api, made, finds), _states(api, finds), _channels(api, shelf))
        for shelf, made, finds in found
        if finds
    )


def _channels(api: Api, shelf: Shelf) -> tuple[str, ...]:
    """Return the channels that push orders of a shelf."""
    channels = api.streams.channels if api.streams else ()
    pushing = (c for c in channels if any(api.meanings.held(typed, "order") for typed in c.types))
    return tuple(channel.name for channel in pushing if channel.shelf == shelf)


def _structs(api: Api, makers: list[Operation], finds: tuple[Find, ...]) -> dict[str, dict[str, tuple[str, ...]]]:
    held = [each for maker in makers for each in api.meanings.held(maker.returns, "order")]
    structs = {each.struct.name: each.struct for each in (*held, *(find.held for find in finds))}
    named = {name: _names(api, struct) for name, struct in structs.items()}
    return {name: ways for name, ways in named.items() if {"id", "client_id"} & ways.keys()}


def _names(api: Api, struct: Struct) -> dict[str, tuple[str, ...]]:
    """Return where a struct has what calls are given; a map of ids names no single order."""
    places = {phrase: api.meanings.place(struct, phrase, "order") for phrase in sorted(SOURCES)}
    return {phrase: place.names for phrase, place in places.items() if place and not place.field.type.item}


def _states(api: Api, finds: tuple[Find, ...]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for find in finds:
        field = find.status.field
        members = next((enum.members for enum in api.enums if enum.name == field.type.name), ())
        found |= {str(member.value): member.means for member in members if member.means is not None}
        found |= field.means.reads if field.means else {}
    return found


def _chosen(finds: list[Find]) -> tuple[Find, ...]:
    """Return one that finds all orders, or one for open and one for closed ones; else nothing shows how one ended."""
    by_state = {state: [f for f in finds if f.operation.of == state] for state in ("all", "open", "closed")}
    if by_state["all"]:
        return tuple(by_state["all"][:1])
    return (by_state["open"][0], by_state["closed"][0]) if by_state["open"] and by_state["closed"] else ()


def _finds(api: Api, shelf: Shelf) -> Iterator[Find]:
    """Yield the calls of a shelf that find an order by its id, those first that return one and not a list."""
    for operation in sorted(api.operations, key=lambda operation: not operation.does("get", "order")):
        filled = _filled(operation, api.market)
        asks = operation.does("get", "order") or operation.does("list", "order")
        if not asks or operation.shelf != shelf or filled is None:
            continue
        for held in api.meanings.held(operation.returns, "order")[:1]:
            places = [api.meanings.place(held.struct, phrase, "order") for phrase in ("id", "status")]
            if places[0] and places[1] and _can_end(api, operation, places[1]):
                yield Find(operation, filled, held, places[0], places[1])


def _filled(operation: Operation, market: str | None) -> tuple[tuple[str, str], ...] | None:
    """Return what fills the parameters of a call; None if it can't be asked for one order."""
    starts = {rule.wires[0] for rule in operation.rules if rule.kind == "window"}
    filled = []
    for param in operation.params:
        if param.phrase in SOURCES:
            filled.append((param.wire, param.phrase))
        elif param.wire == market:
            filled.append((param.wire, MARKET))
        elif param.required and param.wire in starts:
            filled.append((param.wire, SENT))
        elif param.required and param.default is None:
            return None
    return tuple(filled) if {"id", "client_id"} & {source for _, source in filled} else None


def _can_end(api: Api, operation: Operation, status: Place) -> bool:
    """Whether its status can say that an order has ended, or finding it at all says that it is open."""
    return operation.of == "open" or any(api.meanings.members(status.field.type, word) for word in sorted(DONE))
