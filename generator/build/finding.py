"""Derives from meaning which calls find what a lost call made, and whether finding nothing proves that it made nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct as Record

from generator.model.lookups import Lookup
from generator.model.meaning import Meanings
from generator.model.operations import Operation
from generator.model.types import Param, Type

SENT = "$sent"
"""Stands for the time at which the lost call was sent."""


class _Try(Record, frozen=True):
    """A call that may find what was made."""

    target: Operation
    lookup: Lookup
    filtered: bool
    """Whether it asks for the caller's id; else the answer is searched for it."""


class Finder:
    """Knows which calls find what other calls make."""

    def __init__(self, operations: Mapping[str, Operation], meanings: Meanings) -> None:
        self._operations = operations
        self._meanings = meanings

    def lookups(self, lost: Operation) -> tuple[Lookup, ...]:
        """Return the calls that find what a call made: those written in the spec, or else those that meaning names.

        One that finds everything is enough. Else open things are looked for first: from there they become closed ones.
        """
        if lost.lookups or lost.effect != "once" or not _client_id(lost):
            return lost.lookups
        # A call for one thing before a list, and a search by id before a search through the response.
        tries = sorted(self._tries(lost), key=lambda each: (each.target.deeds[0].verb != "get", not each.filtered))
        by_state = {state: [t for t in tries if t.target.of == state] for state in ("all", "open", "closed", "some")}
        chosen = by_state["all"][:1] or [*by_state["open"][:1], *by_state["closed"][:1]] or by_state["some"][:1]
        return tuple(each.lookup for each in chosen)

    def proves_absence(self, lost: Operation, lookups: tuple[Lookup, ...]) -> bool:
        """Whether what these calls do not find was not made, once the exchange had time to show it.

        That is so where one of them finds all such things by the caller's id, or one the open and one the closed.
        """
        states = set()
        for lookup in lookups:
            target = self._operations.get(lookup.operation)
            wires = {wire for wire, source in lookup.params if source == _client_id(lost)}
            if target and any(param.wire in wires and param.phrase == "client_id" for param in target.params):
                states.add(target.of)
        # A thing that is neither open nor closed does not exist; anything less may have missed it.
        return "all" in states or {"open", "closed"} <= states

    def findable_ms(self, lookups: tuple[Lookup, ...]) -> int | None:
        """Return how long all of these calls find a thing; None where nothing says that one of them forgets."""
        targets = [self._operations[lookup.operation] for lookup in lookups if lookup.operation in self._operations]
        spans = [target.forgets.soonest_ms for target in targets if target.forgets]
        return min((span for span in spans if span is not None), default=None)

    def _tries(self, lost: Operation) -> Iterator[_Try]:
        things = [deed.thing for deed in lost.deeds if deed.verb == "place"]
        for target in self._operations.values():
            for thing in things:
                if (target.does("get", thing) or target.does("list", thing)) and target.shelf == lost.shelf:
                    filled = self._filled(target, lost)
                    by_id = any(source == _client_id(lost) for _, source in filled or ())
                    if filled is not None and (by_id or self._carries_client_id(target, thing)):
                        absent = tuple(error.code for error in target.errors if error.kind == "OrderNotFound")
                        yield _Try(target, Lookup(target.full_name, filled, absent), by_id)

    def _carries_client_id(self, target: Operation, thing: str) -> bool:
        held = self._meanings.held(target.returns, thing)
        return any(self._meanings.place(each.struct, "client_id", thing) for each in held)

    def _filled(self, target: Operation, lost: Operation) -> tuple[tuple[str, str], ...] | None:
        """Return what fills the parameters of a call; None if one that it needs can't be filled."""
        sources = dict(self._sources(lost))
        starts = {rule.wires[0] for rule in target.rules if rule.kind == "window"}
        filled = []
        for param in target.params:
            source = param.wire if param.wire in target.shelf.by else sources.get(param.phrase or "")
            # A list that needs a start time can begin at that of the lost call: nothing older was made by it.
            if source is None and param.required and param.wire in starts:
                source = SENT
            if source is not None:
                filled.append((param.wire, source))
            elif param.required:
                return None
        return tuple(filled)

    def _sources(self, lost: Operation) -> Iterator[tuple[str, str]]:
        """Yield what of a lost call names what it made: a meaning, and the parameter, or list and member in a batch."""
        yield from _named(lost.params, "")
        held = self._meanings.held(_item_type(lost), lost.deeds[0].thing) if lost.batch else ()
        for each in held[:1]:
            yield from _named(each.struct.params, f"{lost.batch.wire}." if lost.batch else "")


def _named(params: tuple[Param, ...], before: str) -> Iterator[tuple[str, str]]:
    for param in params:
        if param.phrase in ("symbol", "client_id"):
            yield param.phrase, f"{before}{param.wire}"


def _item_type(lost: Operation) -> Type | None:
    return next((param.type for param in lost.params if lost.batch and param.wire == lost.batch.wire), None)


def _client_id(operation: Operation) -> str | None:
    """Return where a call has the caller's id, as `with` of a lookup writes it."""
    batch = operation.batch
    return f"{batch.wire}.{batch.member}" if batch else operation.client_id
