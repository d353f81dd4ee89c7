"""Places in an example answer where the mock may put other values: unknown enum values, blanks, the caller's own id."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.model.api import Api
from generator.model.operations import Lookup, Operation
from generator.model.types import Json, Struct, Type

NUMBERS = frozenset({"integer", "decimal", "timestamp_ms", "timestamp_s"})
Path = tuple[str | int, ...]
"""Names and positions, from the top of the body."""
Place = tuple[Path, str]
"""A path and the kind of what stands there."""


@dataclass(frozen=True)
class Spots:
    """Places in one answer."""

    enums: tuple[Path, ...] = ()
    """Where a value of an enum stands."""

    blanks: tuple[Path, ...] = ()
    """Where a number or an object stands that some exchanges answer as an empty text."""

    client_id: tuple[Path, ...] = ()
    """Where the caller's own id stands."""

    echoes: tuple[tuple[str, Path], ...] = ()
    """Parameters, and where the answer repeats what was sent in them."""


@dataclass(frozen=True)
class Find:
    """An operation's answer as a way to find what another one made, by the caller's own id."""

    operation: str
    param: str | None
    """The parameter that holds the id; a list that takes none shows what was made last."""

    client_id: tuple[Path, ...] = ()
    made: tuple[Path, ...] = ()
    """Where it says when the thing came to be."""

    echoes: tuple[tuple[str, Path], ...] = ()
    """Parameters of the call that made it, and where the answer repeats them."""

    lists: tuple[Path, ...] = ()
    """Which lists are empty if nothing is found."""

    absent: tuple[str, ...] = ()
    """The codes that say that there is nothing."""


class Places:
    """Walks through the example answers of one API."""

    def __init__(self, api: Api) -> None:
        self._structs = {struct.name: struct for struct in api.structs}
        self._envelope = api.envelope
        self._lookups = [(o, lookup) for o in api.operations if o.client_id for lookup in o.lookups]

    def of(self, operation: Operation) -> Spots:
        """Return the places in an operation's answer."""
        found = list(self._walk(operation))
        # Without its id or its code an answer would not be one with blanks, but none at all.
        kept = (*operation.needs, self._envelope.code)
        return Spots(
            enums=tuple(path for path, kind in found if kind == "enum"),
            blanks=_outermost([p for p, kind in found[1:] if _may_be_blank(p, kind) and p[-1] not in kept]),
            client_id=_own(found, operation.client_id),
            echoes=tuple(_echoes(found, operation)),
        )

    def finds(self, operation: Operation) -> Iterator[Find]:
        """Say whose orders an operation finds, by their id or in a list."""
        for maker, lookup in self._lookups:
            param = next((wire for wire, source in lookup.params if source == maker.client_id), None)
            if lookup.operation == operation.full_name:
                yield self._find(operation, maker, lookup, param)

    def _find(self, operation: Operation, maker: Operation, lookup: Lookup, param: str | None) -> Find:
        found = list(self._walk(operation))
        lists = _outermost([path for path, kind in found if kind == "list"])
        own = _own(found, maker.client_id)
        return Find(maker.full_name, param, own, *self._meant(found, own, lookup), lists, lookup.absent)

    def _meant(
        self, found: list[Place], own: tuple[Path, ...], lookup: Lookup
    ) -> tuple[tuple[Path, ...], tuple[tuple[str, Path], ...]]:
        """Return where the found things say their time, and where they repeat what the call said."""
        struct = self._structs.get(lookup.found.name) if lookup.found else None
        wires = {field.name: field.wire for field in struct.fields} if struct else {}
        there = {path for path, _ in found}
        things = [path[:-1] for path in own]
        made = [(*thing, wires[lookup.made]) for thing in things if lookup.made]
        echoes = [(sent, (*thing, wires[member])) for thing in things for sent, member in lookup.agrees]
        return tuple(p for p in made if p in there), tuple((sent, p) for sent, p in echoes if p in there)

    def _walk(self, operation: Operation) -> Iterator[Place]:
        """Yield every typed place of an answer, the outer before the inner."""
        if operation.returns is None:
            return
        payload = operation.response
        path: Path = ()
        keys = [self._envelope.data] if operation.payload == "data" else []
        for key in [*keys, operation.unwrap]:
            if key is not None and isinstance(payload, dict) and key in payload:
                payload, path = payload[key], (*path, key)
        typed = operation.returns
        if typed.item is not None and operation.single and not isinstance(payload, list):
            typed = typed.item
        yield from self._inside(payload, typed, path)

    def _inside(self, value: Json, typed: Type, path: Path) -> Iterator[Place]:
        if value is None:
            return
        yield path, "string" if typed.kind == "json" and isinstance(value, str) else typed.kind
        if typed.kind == "struct":
            yield from self._members(value, self._structs[typed.name], path)
        elif typed.kind == "json" and isinstance(value, dict):
            for key, member in value.items():
                yield from self._inside(member, typed, (*path, key))
        elif typed.item is not None and isinstance(value, list):
            for index, member in enumerate(value):
                yield from self._inside(member, typed.item, (*path, index))
        elif typed.item is not None and isinstance(value, dict):
            for key, member in value.items():
                yield from self._inside(member, typed.item, (*path, key))

    def _members(self, value: Json, struct: Struct, path: Path) -> Iterator[Place]:
        if isinstance(value, list):
            for index, (field, member) in enumerate(zip(struct.fields, value, strict=False)):
                yield from self._inside(member, field.type, (*path, index))
        elif isinstance(value, dict):
            for field in struct.fields:
                yield from self._inside(value.get(field.wire), field.type, (*path, field.wire))


def _echoes(found: list[Place], operation: Operation) -> Iterator[tuple[str, Path]]:
    """Yield what an answer repeats of a call, as far as the example has it."""
    if not found:
        return
    top, known = found[0][0], {path for path, _ in found}
    for echo in operation.echoes:
        path = (*top, *echo.path)
        if path in known:
            yield echo.param, path


def _may_be_blank(path: Path, kind: str) -> bool:
    """Whether something is a member that is a number or an object; what stands in a list is no member."""
    return isinstance(path[-1], str) and (kind in NUMBERS or kind in ("struct", "map"))


def _outermost(paths: list[Path]) -> tuple[Path, ...]:
    kept: list[Path] = []
    for path in paths:
        if not any(path[: len(outer)] == outer for outer in kept):
            kept.append(path)
    return tuple(kept)


def _own(found: list[Place], client_id: str | None) -> tuple[Path, ...]:
    """Find the caller's id: answers name it as the request does, less a leading "new"."""
    if client_id is None:
        return ()
    return tuple(path for path, kind in found if kind == "string" and path and _same(client_id, str(path[-1])))


def _same(asked: str, answered: str) -> bool:
    return asked.lower() in (answered.lower(), f"new{answered.lower()}")
