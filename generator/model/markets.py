"""One market of an API that has several: its operations and types, with the parameter that chooses it decided."""

from __future__ import annotations

from typing import TypeVar

from msgspec.structs import replace

from generator.model.api import Api
from generator.model.deeds import Shelf
from generator.model.operations import Operation
from generator.model.per_api import per_api
from generator.model.types import Condition, Enum, Field, Json, Meaning, Member, Param, Phrase, Struct

Of = TypeVar("Of", Param, Field)
CHOICE = Meaning((Phrase("within"),))
"""What the parameter means that chooses the market: `market` is a feature of orders already."""


@per_api
def in_each_market(api: Api) -> dict[str, Api]:
    """Return an API as each of its markets has it in which can be traded, by name; none where it has but one."""
    return {name: in_market(api, name) for name in api.mock.markets}


def in_market(api: Api, name: str) -> Api:
    """Return an API as one of its markets has it; calls that are for other markets only are left out."""
    wire = api.market
    if wire is None:
        return api
    groups = tuple(
        replace(group, operations=tuple(_operation(o, wire, name) for o in group.operations if _is_in(o, wire, name)))
        for group in api.groups
    )
    enums = tuple(replace(enum, members=_members(enum, wire, name)) for enum in api.enums)
    structs = tuple(_struct(struct, wire, name) for struct in api.structs)
    mock = replace(api.mock, trading=api.mock.markets[name].trading)
    return replace(api, groups=groups, enums=enums, structs=structs, mock=mock)


def has_choice(operation: Operation, wire: str | None) -> bool:
    """Whether a call says in which market it is."""
    return any(param.wire == wire for param in operation.params)


def _is_in(operation: Operation, wire: str, name: str) -> bool:
    values = next((param.values for param in operation.params if param.wire == wire), ())
    return not values or name in values


def _operation(operation: Operation, wire: str, name: str) -> Operation:
    if not has_choice(operation, wire):
        return operation
    forbidden = {
        each
        for rule in operation.rules
        if rule.kind == "forbid" and _holds(rule.when, wire, name)
        for each in rule.wires
    }
    params = tuple(
        (
            replace(param, means=CHOICE)
            if param.wire == wire
            else _default_there(_meaning_there(param, wire, name), wire, name)
        )
        for param in operation.params
        if param.wire not in forbidden
    )
    own = (variant.response for variant in operation.variants if _holds(variant.when, wire, name))
    # Another parameter may part it further; such things are never found together with others.
    by = tuple(each for each in operation.shelf.by if each != wire)
    response = _named(next(own, operation.response), wire, name)
    return replace(operation, params=params, response=response, shelf=Shelf(operation.shelf.name, by))


def _named(value: Json, wire: str, name: str) -> Json:
    """Return an example that says of itself in which market it is."""
    if isinstance(value, dict):
        return {key: name if key == wire and member else _named(member, wire, name) for key, member in value.items()}
    return [_named(member, wire, name) for member in value] if isinstance(value, list) else value


def _struct(struct: Struct, wire: str, name: str) -> Struct:
    fields = tuple(_meaning_there(field, wire, name) for field in struct.fields)
    return replace(struct, fields=fields, params=tuple(_meaning_there(param, wire, name) for param in struct.params))


def _members(enum: Enum, wire: str, name: str) -> tuple[Member, ...]:
    return tuple(member for member in enum.members if name in member.only.get(wire, (name,)))


def _meaning_there(of: Of, wire: str, name: str) -> Of:
    """Return a parameter or member with what it means in one market: of most, that is what it always means."""
    if of.means is None or not any(phrase.when for phrase in of.means.phrases):
        return of
    return replace(of, means=_means(of.means, wire, name))


def _default_there(param: Param, wire: str, name: str) -> Param:
    """Return a parameter with what the exchange uses in one market where it is not sent."""
    found = (value for value, when in param.default_cases if _holds(when, wire, name))
    return replace(param, default=next(found, param.default)) if param.default_cases else param


def _means(meaning: Meaning, wire: str, name: str) -> Meaning | None:
    """Return what remains of the cases of a meaning; what follows one that always holds never counts."""
    found: list[Phrase] = []
    for phrase in meaning.phrases:
        chosen = [one for one in phrase.when if one.wire == wire]
        if all(name in one.values for one in chosen):
            found.append(replace(phrase, when=tuple(one for one in phrase.when if one.wire != wire)))
    first = next((index for index, phrase in enumerate(found) if not phrase.when), len(found))
    return replace(meaning, phrases=tuple(found[: first + 1])) if found else None


def _holds(when: tuple[Condition, ...], wire: str, name: str) -> bool:
    return bool(when) and all(one.wire == wire and name in one.values for one in when)
