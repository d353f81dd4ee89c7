"""Derives what identifies the things that operations return: what an answer must hold, and what it must repeat.

What parameters and fields mean decides; where a spec does not say that, their names do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from generator.model.lookups import Echo
from generator.model.operations import Group, Operation
from generator.model.reach import reachable
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
"""Kinds of ids."""


def identified(groups: tuple[Group, ...], structs: Mapping[str, Struct]) -> tuple[Group, ...]:
    """Return the groups with what their answers must hold and repeat."""
    identity = _Identity([o for group in groups for o in group.operations], structs)
    return tuple(
        replace(
            group,
            operations=tuple(_with_made(_with_items(identity.complete(o), structs), structs) for o in group.operations),
        )
        for group in groups
    )


def _with_items(operation: Operation, structs: Mapping[str, Struct]) -> Operation:
    """Return an operation with where its answer names the items of a batch by the caller's own ids."""
    if operation.batch is None or operation.returns is None:
        return operation
    names = sorted(reachable(operation.returns, structs) & structs.keys())
    fields = [field for name in names for field in structs[name].fields]
    return replace(
        operation,
        item_ids=_unique(field for field in fields if _holds(field, operation.batch.member)),
        item_keys=_unique(field for field in fields if field.keys == "client_id"),
    )


def _with_made(operation: Operation, structs: Mapping[str, Struct]) -> Operation:
    """Return an operation with where its answer has the ids of what was made: a list, a batch, or a page of ids."""
    # A call that also cancels answers with the id of what it canceled, which proves nothing of what it places.
    if operation.effect != "once" or operation.needs or operation.returns is None or len(operation.deeds) > 1:
        return operation
    names = sorted(reachable(operation.returns, structs) & structs.keys())
    fields = [field for name in names for field in structs[name].fields]
    return replace(operation, made_ids=tuple(dict.fromkeys(field.wire for field in fields if _is_made_id(field))))


def _is_made_id(field: Field) -> bool:
    return field.means is not None and any(phrase.text == "id" for phrase in field.means.phrases)


def _unique(fields: Iterable[Field]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(field.name for field in fields))


class _Identity:
    """Knows which names stand for the caller's own ids."""

    def __init__(self, operations: Iterable[Operation], structs: Mapping[str, Struct]) -> None:
        self._structs = structs
        self._makers: dict[str, Operation] = {}
        """Parameter that holds an id of the caller's → the operation that makes something under such an id."""
        for operation in operations:
            if operation.client_id is not None:
                self._makers.setdefault(operation.client_id, operation)
                for lookup in operation.lookups:
                    for wire, source in lookup.params:
                        if source == operation.client_id:
                            self._makers.setdefault(wire, operation)

    def complete(self, operation: Operation) -> Operation:
        """Return an operation with what its answer must hold and repeat, where it returns one thing."""
        struct = self._structs.get(operation.returns.name) if operation.returns else None
        if struct is None or struct.array:
            return operation
        needs = self._needs(struct)
        # What must happen once makes something new: its id is none that was sent, even under the same name.
        made = needs if operation.effect == "once" else ()
        echoes = tuple(echo for echo in self._echoes(operation, struct) if echo.path[0] not in made)
        return replace(operation, needs=needs, echoes=echoes)

    def _needs(self, struct: Struct) -> tuple[str, ...]:
        """Return the id of the exchange's own that a thing always has: the one that means it, or else the first."""
        ids = [field for field in struct.fields if _is_id(field) and not field.optional and not self._is_own(field)]
        ids.sort(key=lambda field: field.phrase != "id")
        return tuple(field.wire for field in ids[:1])

    def _is_own(self, field: Field) -> bool:
        return field.phrase == "client_id" or any(_is_named_as(field, wire) for wire in self._makers)

    def _echoes(self, operation: Operation, struct: Struct) -> Iterator[Echo]:
        for param in operation.params:
            # A parameter that means nothing here is no id of the thing, such as the id of a cancel or a label.
            if param.means is not None and not param.means.phrases:
                continue
            maker = self._makers.get(param.wire)
            for field in struct.fields:
                if maker is None and _is_same_id(param, field):
                    yield Echo(param.wire, (field.wire,))
                elif maker is not None and _repeats(field, maker):
                    yield Echo(param.wire, (field.wire,), maker.ids, maker.prefix)


def _repeats(field: Field, maker: Operation) -> bool:
    """Whether a member holds the id that a call gave to what it made."""
    return maker.client_id is not None and _holds(field, maker.client_id)


def _holds(field: Field, client_id: str) -> bool:
    """Whether a member holds what a parameter said, the caller's own id."""
    return field.type.kind == "string" and (field.phrase == "client_id" or _is_named_as(field, client_id))


def _is_named_as(field: Field, client_id: str) -> bool:
    """Whether a member has the name of a parameter, less a leading "new": newClientOrderId, clientOrderId."""
    return field.wire.lower() in (client_id.lower(), client_id.lower().removeprefix("new"))


def _is_same_id(param: Param, field: Field) -> bool:
    if not _is_id(field) or param.type.kind not in TEXTS:
        return False
    return param.phrase == field.phrase == "id" or (param.wire, param.type.kind) == (field.wire, field.type.kind)


def _is_id(field: Field) -> bool:
    return field.type.kind in TEXTS and (field.phrase == "id" or ID.fullmatch(field.wire) is not None)
