"""Derives what identifies the things that operations return: what an answer must hold, and what it must repeat."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from generator.model.operations import Echo, Group, IdWriting, Operation
from generator.model.types import Field, Param, Struct

ID = re.compile(
    r"""
    (?! min | max | from | last | next | first | start | end )   # where a page begins or ends: no id of one thing
    ( id | .*[a-z](Id|ID) | .*_id )                               # id, orderId, positionID, ticker_id; not bid, paid
    """,
    re.VERBOSE,
)
"""How the wire names of ids look."""
TEXTS = ("string", "integer")


def identified(groups: tuple[Group, ...], structs: Mapping[str, Struct], writing: IdWriting) -> tuple[Group, ...]:
    """Return the groups with what their answers must hold and repeat."""
    identity = _Identity([o for group in groups for o in group.operations], structs, writing)
    return tuple(replace(group, operations=tuple(map(identity.complete, group.operations))) for group in groups)


class _Identity:
    """Knows which names stand for the caller's own ids."""

    def __init__(self, operations: Iterable[Operation], structs: Mapping[str, Struct], writing: IdWriting) -> None:
        self._structs = structs
        self._writing = writing
        self._own: dict[str, set[str]] = {}
        """Parameter that holds an id of the caller's → the names that stand for the same id in answers."""
        for operation in operations:
            if operation.client_id is not None:
                self._learn(operation, operation.client_id)

    def _learn(self, operation: Operation, client_id: str) -> None:
        answered = {client_id.lower(), client_id.lower().removeprefix("new")}
        found = {wire for lookup in operation.lookups for wire, source in lookup.params if source == client_id}
        for wire in (client_id, *found):
            self._own.setdefault(wire, set()).update(answered)

    def complete(self, operation: Operation) -> Operation:
        """Return an operation with what its answer must hold and repeat, where it returns one thing."""
        struct = self._structs.get(operation.returns.name) if operation.returns else None
        if struct is None or struct.array:
            return operation
        return replace(operation, needs=self._needs(struct), echoes=tuple(self._echoes(operation, struct)))

    def _needs(self, struct: Struct) -> tuple[str, ...]:
        """Return the first id of the exchange's own that a thing always has."""
        own = {name for names in self._own.values() for name in names}
        ids = [field.wire for field in struct.fields if _is_id(field) and not field.optional]
        return tuple([wire for wire in ids if wire.lower() not in own][:1])

    def _echoes(self, operation: Operation, struct: Struct) -> Iterator[Echo]:
        for param in operation.params:
            for field in struct.fields:
                if self._is_same(param, field):
                    yield Echo(param.wire, (field.wire,), self._writing)

    def _is_same(self, param: Param, field: Field) -> bool:
        if param.wire in self._own:
            return field.type.kind == "string" and field.wire.lower() in self._own[param.wire]
        return _is_id(field) and (param.wire, param.type.kind) == (field.wire, field.type.kind)


def _is_id(field: Field) -> bool:
    return field.type.kind in TEXTS and ID.fullmatch(field.wire) is not None
