"""Derives from meaning in which lists what a call made is found by likeness, where nothing finds it by a client id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from generator.build.finding import SENT
from generator.model.likeness import Likeness
from generator.model.meaning import Held, Meanings, Place
from generator.model.operations import Group, Operation
from generator.model.paging import PAGES
from generator.model.types import Param, Type

WHAT, HOW_MUCH = ("symbol", "coin"), ("quantity", "value")
"""Of each, a call and an item must have at least one in common: less would make too many things alike."""
DECISIVE = (*WHAT, "side", *HOW_MUCH)
"""What of these a call says, an item must say, too."""
AGREES = (*DECISIVE, "kind", "price", "stop price", "take_profit price", "position.id", "leverage")
"""In these they must agree where both have them."""


def with_likeness(groups: tuple[Group, ...], meanings: Meanings) -> tuple[Group, ...]:
    """Complete the calls whose effect only likeness can show; how lists page must be known by then."""
    every = {operation.full_name: operation for group in groups for operation in group.operations}
    finder = _Finder(every, meanings)
    found = {name: finder.lists(operation) for name, operation in every.items()}

    def complete(operation: Operation) -> Operation:
        likeness = found[operation.full_name]
        # A client remembers only calls of which it knows what lists say of them: no other may make such things.
        if not likeness or not all(found[name] for name, other in every.items() if _makes_the_same(other, operation)):
            return operation
        return replace(operation, likeness=likeness)

    return tuple(replace(group, operations=tuple(map(complete, group.operations))) for group in groups)


def _makes_the_same(one: Operation, other: Operation) -> bool:
    """Whether two calls may make things that stand in the same lists."""
    made, also_made = ({d.about for d in o.deeds if d.verb in ("place", "close")} for o in (one, other))
    return bool(made & also_made) and one.shelf == other.shelf


class _Finder:
    """Knows which lists show what a call made."""

    def __init__(self, operations: Mapping[str, Operation], meanings: Meanings) -> None:
        self._operations = operations
        self._meanings = meanings

    def lists(self, lost: Operation) -> tuple[Likeness, ...]:
        """Return the lists that are read together: open and closed things, all of them, or records of them."""
        if lost.effect != "once" or lost.lookups or lost.batch or [deed.verb for deed in lost.deeds] != ["place"]:
            return ()
        if self._meanings.is_batch(lost):
            return ()
        found: dict[str, Likeness] = {}
        for target in self._operations.values():
            if target.does("list", lost.deeds[0].thing) and target.shelf == lost.shelf and not target.shelf.by:
                likeness = self._likeness(lost, target)
                if likeness is not None:
                    found.setdefault(target.of, likeness)
        # Open ones before closed ones, since things move that way; one kind alone would hide the other.
        for states in (("open", "closed"), ("all",), ("some",)):
            if found.keys() >= set(states):
                return tuple(found[state] for state in states)
        return ()

    def _likeness(self, lost: Operation, target: Operation) -> Likeness | None:
        held = self._meanings.held(target.returns, lost.deeds[0].thing)
        filled = _filled(lost, target)
        if len(held) != 1 or filled is None or not _is_read_whole(target):
            return None
        return self._of_items(lost, target, filled, held[0])

    def _of_items(
        self, lost: Operation, target: Operation, filled: tuple[tuple[str, str], ...], held: Held
    ) -> Likeness | None:
        thing = lost.deeds[0].thing
        places = [place for place in self._meanings.places(held.struct, thing) if len(place.fields) == 1]
        made = tuple(p.field.name for p in places if p.phrase.text == "time" and p.field.type.kind == "timestamp_ms")
        ids = [place.field.name for place in places if place.phrase.text == "id"]
        only = _only(held, thing)
        agrees = _agrees(lost, places)
        # Without a time, an older thing could be taken for the lost one.
        if not made or not ids or only is None or agrees is None:
            return None
        return Likeness(target.full_name, filled, ids[0], made, agrees, only, _item_type(held))


def _item_type(held: Held) -> Type:
    return Type("struct", name=held.struct.name)


def _is_read_whole(target: Operation) -> bool:
    """Whether a list can be read to its end: of two alike, one could else be missed."""
    if target.paging is not None:
        return True
    return target.unpaged is None and not any(param.wire.lower() in PAGES for param in target.params)


def _filled(lost: Operation, target: Operation) -> tuple[tuple[str, str], ...] | None:
    """Return what fills the parameters of a list; None if one that it needs can't be filled."""
    paging = target.paging
    start = paging and (paging.start if paging.by == "time" else (paging.within or (None,))[0])
    starts = {start, *(rule.wires[0] for rule in target.rules if rule.kind == "window")}
    driven = {paging.start, paging.end, paging.limit, *(paging.within or ())} if paging else set()
    sources = {str(param.phrase): param.wire for param in lost.params if param.phrase in WHAT and param.required}
    filled = []
    for param in target.params:
        # Nothing that was made by the lost call is older than it.
        is_start = param.wire in starts and param.type.kind == "timestamp_ms"
        source = SENT if is_start else sources.get(param.phrase or "")
        if source is not None:
            filled.append((param.wire, source))
        elif param.required and param.wire not in driven:
            return None
    return tuple(filled)


def _only(held: Held, thing: str) -> tuple[tuple[str, tuple[str, ...]], ...] | None:
    """Return which values make an item such a thing; None where that can't be said by values."""
    when = next(each.when for each in held.struct.things if each.name == thing)
    names = {field.wire: field.name for field in held.struct.fields}
    if any(not condition.values or condition.wire not in names for condition in when):
        return None
    return tuple((names[condition.wire], tuple(map(str, condition.values))) for condition in when)


def _agrees(lost: Operation, places: list[Place]) -> tuple[tuple[str, str], ...] | None:
    """Return what must agree; None if that would be too little, or if a member lacks what decides."""
    pairs = list(_pairs(lost, places))
    shared = {param.phrase for param, _ in pairs}
    said = {param.phrase for param in lost.params if param.phrase in DECISIVE}
    if not said <= shared or not shared & set(WHAT) or not shared & set(HOW_MUCH):
        return None
    return tuple((param.wire, place.field.name) for param, place in pairs)


def _pairs(lost: Operation, places: list[Place]) -> Iterator[tuple[Param, Place]]:
    for param in lost.params:
        if param.phrase in AGREES:
            alike = [place for place in places if place.phrase.text == param.phrase and _compares(param, place)]
            yield from ((param, place) for place in alike[:1])


def _compares(param: Param, place: Place) -> bool:
    """Whether the values of a parameter and of a member can be compared as they are written."""
    # Other values of another enum say the same in other words; amounts in other units are other numbers.
    return param.type == place.field.type and param.unit == place.field.unit and not place.phrase.when
