"""Finds lookups that would not find what a lost call made, or would prove too much."""

from __future__ import annotations

from collections.abc import Iterator

from generator.build.finding import Finder
from generator.model.api import Api
from generator.model.operations import Operation
from generator.source import reading as read
from generator.source.load import Map
from generator.source.reading import Notes


def check_lookups(api: Api, operation: Operation, at: Map, notes: Notes) -> None:
    """Note what contradicts itself in a lookup that is written out; what follows from meaning needs no check."""
    written = read.mapping(at, "lookup")
    if not written:
        return
    targets = {target.full_name: target for target in api.operations}
    where = f"{operation.name}.lookup"
    for lookup, place in zip(operation.lookups, read.maps(written, "tries"), strict=False):
        target = targets.get(lookup.operation)
        if target is None:
            continue
        for code in (error.code for error in target.errors if error.kind == "OrderNotFound"):
            # Such a code would end the search where the next lookup finds the order: what was filled is no longer open.
            if code not in lookup.absent:
                what = f"{lookup.operation} fails with {code} where there is no such thing; add it to `absent`"
                notes.add(place, "absent" if "absent" in place else "operation", where, what)
        for what in _target_problems(operation, target):
            notes.add(place, "operation", where, what)
    if read.flag(written, "conclusive") and operation.deeds and not _is_proof(api, operation, targets):
        what = "not finding it proves nothing: some call must find `of: all` by the caller's id, or two the open and the closed"
        notes.add(written, "conclusive", where, f"{what}, and `visible` must say how soon they do")


def _target_problems(lost: Operation, target: Operation) -> Iterator[str]:
    """Yield why a call does not find what a lost one made, where it is said what the lost one does."""
    things = [deed.thing for deed in lost.deeds if deed.verb == "place"]
    if things and not any(target.does(verb, thing) for verb in ("get", "list") for thing in things):
        yield f"{target.full_name} neither gets nor lists what was placed: {' or '.join(things)}"
    if things and target.shelf != lost.shelf:
        theirs = f"those of {target.shelf.name}" if target.shelf.name else "others"
        yield f"leaves the shelf: {target.full_name} finds {theirs}, and this call places on {lost.shelf.name or 'no shelf'}"


def _is_proof(api: Api, operation: Operation, targets: dict[str, Operation]) -> bool:
    return operation.visible_ms > 0 and Finder(targets, api.meanings).proves_absence(operation, operation.lookups)
