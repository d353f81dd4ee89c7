"""Places in an example response where the mock may put other values: unknown enum values, blanks, client order ids."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct as Record

from generator.model.api import Api
from generator.model.lookups import Lookup
from generator.model.operations import Operation
from generator.model.types import NUMBERS, Json, Struct, Type

Path = tuple[str | int, ...]
"""Names and positions, from the top of the body."""
Place = tuple[Path, str]
"""A path, and the kind of the value there."""


class Spots(Record, frozen=True):
    """Places in one response."""

    enums: tuple[Path, ...] = ()
    """Where enum values are."""

    blanks: tuple[Path, ...] = ()
    """Where a number or an object is, which some exchanges return as an empty string."""

    client_id: tuple[Path, ...] = ()
    """Where the client order id is."""

    echoes: tuple[tuple[str, Path], ...] = ()
    """Parameters, and where the response repeats their values."""


class Find(Record, frozen=True):
    """How the response of one operation shows what another one created, by its client order id."""

    operation: str
    param: str | None
    """The parameter with the id; None for a list, which shows what was created last."""

    client_id: tuple[Path, ...] = ()
    made: tuple[Path, ...] = ()
    """Where the time of creation is."""

    echoes: tuple[tuple[str, Path], ...] = ()
    """Parameters of the call that created it, and where the response repeats them."""

    lists: tuple[Path, ...] = ()
    """The lists that are empty if nothing is found."""

    absent: tuple[str, ...] = ()
    """The codes that mean that nothing was found."""


class Places:
    """Finds places in the example responses of one API."""

    def __init__(self, api: Api) -> None:
        self._structs = {struct.name: struct for struct in api.structs}
        self._envelope = api.envelope
        self._lookups = [(o, lookup) for o in api.operations if o.client_id for lookup in o.lookups]

    def of(self, operation: Operation) -> Spots:
        """Return the places in the response of an operation."""
        found = list(self._walk(operation))
        # Without its id or code, a response is not one with blanks: the client would rightly reject it.
        kept = (*operation.needs, self._envelope.code)
        return Spots(
            enums=tuple(path for path, kind in found if kind == "enum"),
            blanks=_outermost([p for p, kind in found[1:] if _may_be_blank(p, kind) and p[-1] not in kept]),
            client_id=_own(found, operation.client_id),
            echoes=tuple(_echoes(found, operation)),
        )

    def finds(self, operation: Operation) -> Iterator[Find]:
        """Yield how an operation finds what others created, by id or in a list."""
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
        """Return where the time of what is found is, and where it repeats parameters of the call."""
        struct = self._structs.get(lookup.found.name) if lookup.found else None
        wires = {field.name: field.wire for field in struct.fields} if struct else {}
        there = {path for path, _ in found}
        things = [path[:-1] for path in own]
        made = [(*thing, wires[lookup.made]) for thing in things if lookup.made]
        echoes = [(sent, (*thing, wires[member])) for thing in things for sent, member in lookup.agrees]
        return tuple(p for p in made if p in there), tuple((sent, p) for sent, p in echoes if p in there)

    def _walk(self, operation: Operation) -> Iterator[Place]:
        """Yield every typed place of a response, outer before inner."""
        if operation.returns is None:
            return
        payload = operation.response
        path: Path = ()
        keys = [self._envelope.data] if operation.payload == "data" else []
        for key in [*keys, operation.unwrap]:
            if key is not None and isinstance(payload, dict) and key in payload:
                payload, path = payload[key], (*path, key)
        typed = operation.returns
        # The example of such an operation may have the bare object that stands for a list of one.
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
    """Yield the parameters that a response repeats, as far as the example has them."""
    if not found:
        return
    top, known = found[0][0], {path for path, _ in found}
    for echo in operation.echoes:
        path = (*top, *echo.path)
        if path in known:
            yield echo.param, path


def _may_be_blank(path: Path, kind: str) -> bool:
    """Whether a place is a member with a number or an object; items of lists are no members."""
    return isinstance(path[-1], str) and (kind in NUMBERS or kind in ("struct", "map"))


def _outermost(paths: list[Path]) -> tuple[Path, ...]:
    kept: list[Path] = []
    for path in paths:
        # A blank replaces all that is below it, so inner places would no longer exist.
        if not any(path[: len(outer)] == outer for outer in kept):
            kept.append(path)
    return tuple(kept)


def _own(found: list[Place], client_id: str | None) -> tuple[Path, ...]:
    """Find the client order id: responses name it as the request does, without a leading "new"."""
    if client_id is None:
        return ()
    return tuple(path for path, kind in found if kind == "string" and path and _same(client_id, str(path[-1])))


def _same(asked: str, answered: str) -> bool:
    return asked.lower() in (answered.lower(), f"new{answered.lower()}")
