"""Derives which members of a found order must agree with the lost call, from `means` of fields and parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from generator.build.finding import Finder
from generator.model.lookups import Lookup
from generator.model.meaning import Meanings
from generator.model.operations import Group, Operation
from generator.model.reach import reachable
from generator.model.types import Field, Param, Struct, Type

AGREES = ("symbol", "side", "quantity", "value")
"""Meanings in which an order and the call that placed it must agree, where both have them.

Prices are not among them: a market order has none, or 0."""


def with_lookups(groups: tuple[Group, ...], structs: tuple[Struct, ...], meanings: Meanings) -> tuple[Group, ...]:
    """Complete the lookups of all operations, which is possible once all operations are built."""
    by_name = {struct.name: struct for struct in structs}
    operations = {operation.full_name: operation for group in groups for operation in group.operations}
    finder = Finder(operations, meanings)

    def complete(operation: Operation) -> Operation:
        found = finder.lookups(operation)
        # Without a word about how late a thing may appear, an empty answer proves nothing.
        proof = operation.visible_ms > 0 and finder.proves_absence(operation, found)
        lookups = tuple(_complete(lookup, operation, operations, by_name) for lookup in found)
        conclusive = operation.conclusive or proof
        findable = finder.findable_ms(found) if conclusive else None
        return replace(operation, lookups=lookups, conclusive=conclusive, findable_ms=findable)

    return tuple(replace(group, operations=tuple(map(complete, group.operations))) for group in groups)


def _complete(
    lookup: Lookup, lost: Operation, operations: Mapping[str, Operation], structs: Mapping[str, Struct]
) -> Lookup:
    target = operations.get(lookup.operation)
    found = _entity(target.returns, structs) if target and target.returns else None
    if found is None:
        return lookup
    # Reversed, so that of two fields with the same meaning the first one wins.
    members = {field.phrase: field.name for field in reversed(found.fields) if field.phrase}
    agrees = tuple((place, members[means]) for means, place in _call_meanings(lost, structs) if means in members)
    return replace(
        lookup,
        client_id=members.get("client_id"),
        made=_creation_time(found.fields),
        agrees=agrees,
        found=Type("struct", name=found.name),
    )


def _entity(typed: Type, structs: Mapping[str, Struct]) -> Struct | None:
    """Return the struct in an answer that has an id by `means`: the order, transfer or loan itself."""
    # What the type names itself comes before what lies deeper: the order before its fills, which have ids, too.
    names = sorted(reachable(typed, structs), key=lambda name: (name not in typed.names, name))
    reached = [structs[name] for name in names if name in structs]
    return next((s for s in reached if {"id", "client_id"} & {field.phrase for field in s.fields}), None)


def _creation_time(fields: tuple[Field, ...]) -> str | None:
    # Only milliseconds: whole seconds could place an order before the call that made it.
    return next((f.name for f in fields if f.phrase == "time" and f.type.kind == "timestamp_ms"), None)


def _call_meanings(lost: Operation, structs: Mapping[str, Struct]) -> Iterator[tuple[str, str]]:
    """Yield (meaning, place) of the lost call's parameters; the place is a wire name, or `list.member` in a batch."""
    for param in lost.params:
        yield from _param_meaning(param, param.wire)
    item = next((p.type.item for p in lost.params if lost.batch and p.wire == lost.batch.wire), None)
    struct = structs.get(item.name) if item else None
    if lost.batch and struct:
        for member in struct.params:
            yield from _param_meaning(member, f"{lost.batch.wire}.{member.name}")


def _param_meaning(param: Param, place: str) -> Iterator[tuple[str, str]]:
    if param.phrase in AGREES:
        yield param.phrase, place
