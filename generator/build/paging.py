"""Builds how operations page, which is possible once all structs are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from msgspec.structs import replace

from generator.model.operations import Group, Operation
from generator.model.paging import By, Paging
from generator.model.types import TIMES, Field, Param, Struct, Type
from generator.source import reading as read
from generator.source.load import Map, Source
from generator.source.reading import Notes

SECOND, MILLISECOND = 1000, 1
UNSAID = "unsaid"
"""Stands for the member with an item's time where documentation leaves open which one that is."""


def with_paging(
    source: Source, groups: tuple[Group, ...], structs: tuple[Struct, ...], notes: Notes
) -> tuple[Group, ...]:
    """Return the groups with the paging of their operations."""
    by_name = {struct.name: struct for struct in structs}
    built = []
    for group in groups:
        places = read.maps(source.files[f"rest/{group.name}.yaml"], "operations")
        pairs = zip(group.operations, places, strict=True)
        built.append(replace(group, operations=tuple(_complete(o, at, by_name, notes) for o, at in pairs)))
    return tuple(built)


def _complete(operation: Operation, at: Map, structs: Mapping[str, Struct], notes: Notes) -> Operation:
    paging = read.mapping(at, "paging")
    # A spec may say instead why it is not known how the pages are requested.
    if "by" not in paging:
        return replace(operation, unpaged=read.maybe_text(paging, "unsaid"))
    return replace(operation, paging=_Builder(operation, paging, structs, notes).paging())


class _Builder:
    """Builds the paging of one operation."""

    def __init__(self, operation: Operation, at: Map, structs: Mapping[str, Struct], notes: Notes) -> None:
        self._operation = operation
        self._at = at
        self._structs = structs
        self._notes = notes
        self._where = f"{operation.name}.paging"
        self._params = {param.wire: param for param in operation.params}

    def paging(self) -> Paging | None:
        """Return it; None, with notes, where the answer holds no list or more than one."""
        at, found = self._at, self._list()
        if found is None:
            return None
        members, item = found
        start, by = str(at["from"]), cast(By, at["by"])
        moment = self._param("from") if by == "time" else next(map(self._params.get, read.texts(at, "within")), None)
        limit = self._param("limit") if "limit" in at else None
        time = self._time(item)
        self._param("from")
        for wire in (*read.texts(at, "within"), *read.texts(at, "without")):
            self._notes.check_known(at, "within", self._where, wire, self._params, "parameter")
        within = read.texts(at, "within")
        return Paging(
            by=by,
            start=start,
            end=self._wire("to"),
            item=item,
            items=members,
            key=self._key(item),
            time=time.name if time else None,
            time_ms=SECOND if time and time.type.kind == "timestamp_s" else MILLISECOND,
            unit=SECOND if moment and moment.type.kind == "timestamp_s" else MILLISECOND,
            keeps=at.get("keeps"),  # type: ignore[arg-type]  # the schema allows two words
            goes=at.get("goes"),  # type: ignore[arg-type]
            number=self._member("number"),
            next=self._member("next"),
            total=self._member("total"),
            limit=limit.wire if limit else None,
            size=_size(limit),
            most=int(limit.maximum) if limit and limit.maximum is not None else None,
            within=(within[0], within[1]) if within else None,
            window_ms=read.maybe_span(at, "window") or 0,
            begin=self._begin(by),
            without=read.texts(at, "without"),
            incomplete=read.maybe_text(at, "incomplete"),
        )

    def _begin(self, by: By) -> str | int | None:
        if by == "page":
            return read.integer(self._at, "first")
        return cast("str | int | None", read.scalar(self._at, "begin"))

    def _param(self, key: str) -> Param | None:
        wire = str(self._at[key])
        self._notes.check_known(self._at, key, self._where, wire, self._params, "parameter")
        return self._params.get(wire)

    def _wire(self, key: str) -> str | None:
        param = self._param(key) if key in self._at else None
        return param.wire if param else None

    def _member(self, key: str) -> str | None:
        """Return a member of the answer by its Python name."""
        if key not in self._at:
            return None
        returns, wire = self._operation.returns, str(self._at[key])
        struct = self._structs.get(returns.name) if returns else None
        members = {field.wire: field for field in struct.fields} if struct else {}
        known = self._notes.check_known(self._at, key, self._where, wire, members, "member of the answer")
        return members[wire].name if known else None

    def _list(self) -> tuple[tuple[str, ...], Type] | None:
        """Return the members that may hold the list, and what it holds."""
        returns = self._operation.returns
        if returns is not None and returns.kind == "list" and returns.item:
            return (), returns.item
        struct = self._structs.get(returns.name) if returns else None
        lists = {field.wire: field for field in struct.fields if field.type.kind == "list"} if struct else {}
        named = read.texts(self._at, "list")
        for wire in named:
            self._notes.check_known(self._at, "list", self._where, wire, lists, "list in the answer")
        chosen = [lists[wire] for wire in named or lists if wire in lists]
        items = {field.type.item for field in chosen if field.type.item}
        # Several named lists are alternatives, as of open and closed things; they must hold the same type.
        if len(items) == 1 and (named or len(chosen) == 1):
            return tuple(field.name for field in chosen), items.pop()
        if not named or len(items) > 1:
            self._notes.add(
                self._at, "by", self._where, f"the answer holds {len(lists) or 'no'} lists; name one in `list`"
            )
        return None

    def _fields(self, item: Type) -> dict[str, Field]:
        struct = self._structs.get(item.name)
        return {field.wire: field for field in struct.fields} if struct else {}

    def _time(self, item: Type) -> Field | None:
        """Return the member that holds an item's time: the one that is named, or the one that means it."""
        fields = self._fields(item)
        if self._at.get("time") == UNSAID:
            return None
        if "time" in self._at:
            wire = str(self._at["time"])
            self._notes.check_known(self._at, "time", self._where, wire, fields, "member of an item")
            return fields.get(wire)
        return next((field for field in fields.values() if _is(field, "time") and field.type.kind in TIMES), None)

    def _key(self, item: Type) -> tuple[str, ...]:
        """Return what identifies an item: the members that are named, or the one that means its id."""
        fields = self._fields(item)
        if "key" in self._at:
            named = list(read.texts(self._at, "key"))
            for wire in named:
                self._notes.check_known(self._at, "key", self._where, wire, fields, "member of an item")
            return tuple(fields[wire].name for wire in named if wire in fields)
        # One id is enough: a second one would only make keys longer.
        return tuple(field.name for field in fields.values() if _is(field, "id"))[:1]


def _is(field: Field, phrase: str) -> bool:
    return field.means is not None and field.means.phrase == phrase


def _size(limit: Param | None) -> int | None:
    """Return the size of the pages that are asked for: the largest, or what the exchange gives of itself."""
    if limit is None:
        return None
    if limit.maximum is not None:
        # The largest page: fewer calls, and fewer edges at which an item could be missed.
        return int(limit.maximum)
    return int(str(limit.default)) if limit.default is not None else None
