"""Says by which members what a lookup finds is recognized, from what its fields and the call's parameters mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from generator.model.operations import Group, Lookup, Operation
from generator.model.reach import reachable
from generator.model.types import Field, Param, Struct, Type

AGREES = ("symbol", "side", "quantity", "value")
"""What a thing and the call that made it must agree in, where both say it."""


def with_lookups(groups: tuple[Group, ...], structs: tuple[Struct, ...]) -> tuple[Group, ...]:
    """Complete the lookups of all operations: what they find is known once all operations are built."""
    by_name = {struct.name: struct for struct in structs}
    operations = {operation.full_name: operation for group in groups for operation in group.operations}

    def complete(operation: Operation) -> Operation:
        lookups = tuple(_complete(lookup, operation, operations, by_name) for lookup in operation.lookups)
        return replace(operation, lookups=lookups)

    return tuple(replace(group, operations=tuple(map(complete, group.operations))) for group in groups)


def _complete(
    lookup: Lookup, lost: Operation, operations: Mapping[str, Operation], structs: Mapping[str, Struct]
) -> Lookup:
    target = operations.get(lookup.operation)
    found = _found(target.returns, structs) if target and target.returns else None
    if found is None:
        return lookup
    members = {field.means: field.name for field in reversed(found.fields) if field.means}
    agrees = tuple((place, members[means]) for means, place in _sent(lost, structs) if means in members)
    return replace(
        lookup,
        client_id=members.get("client_id"),
        made=_time(found.fields),
        agrees=agrees,
        found=Type("struct", name=found.name),
    )


def _found(typed: Type, structs: Mapping[str, Struct]) -> Struct | None:
    """Return the thing in an answer: the struct in it whose fields mean an id."""
    names = sorted(reachable(typed, structs), key=lambda name: (name not in typed.names, name))
    reached = [structs[name] for name in names if name in structs]
    return next((s for s in reached if {"id", "client_id"} & {field.means for field in s.fields}), None)


def _time(fields: tuple[Field, ...]) -> str | None:
    return next((f.name for f in fields if f.means == "time" and f.type.kind == "timestamp_ms"), None)


def _sent(lost: Operation, structs: Mapping[str, Struct]) -> Iterator[tuple[str, str]]:
    """Yield (meaning, place) of what the lost call says: a parameter, or `list.member` of a batch."""
    for param in lost.params:
        yield from _meaning(param, param.wire)
    item = next((p.type.item for p in lost.params if lost.batch and p.wire == lost.batch.wire), None)
    struct = structs.get(item.name) if item else None
    if lost.batch and struct:
        for member in struct.params:
            yield from _meaning(member, f"{lost.batch.wire}.{member.name}")


def _meaning(param: Param, place: str) -> Iterator[tuple[str, str]]:
    if param.means in AGREES:
        yield param.means, place
