"""The changes of what two readings both have: types, marks, words, limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from generator.drift.compare.changes import IDS, Change, Level
from generator.drift.facts.facts import Fact

_WIDTHS = {"short": 1, "int16": 1, "int": 2, "int32": 2, "integer": 2, "long": 3, "int64": 3, "bigint": 3}
"""Integer types by their range: a larger number holds all values of a smaller one."""


def differences(what: str, owner: str, name: str, old: Fact, new: Fact) -> Iterator[Change]:
    """Yield how a parameter or field changed that both readings have."""
    if what == "param" and old.required is not True and new.required is True:
        yield change_of("param-became-required", owner, name, _mark(old), _mark(new), new)
    if what == "param" and old.required is True and new.required is False:
        yield change_of("param-became-optional", owner, name, _mark(old), _mark(new), new)
    # Pages change STRING to String from one version to the next, and a type that is not stated is not another type.
    if old.value and new.value and old.value.lower() != new.value.lower():
        change = change_of(f"{what}-type-changed", owner, name, old.value, new.value, new)
        yield replace(change, level="new") if _is_wider(old.value, new.value) else change
    yield from rewordings(owner, name, old, new)


def _is_wider(old: str, new: str) -> bool:
    """Whether the new type has all values of the old one: `INT` to `LONG`."""
    before, after = (_WIDTHS.get(value.strip("`* ").lower(), 0) for value in (old, new))
    return 0 < before < after


def _mark(fact: Fact) -> str:
    return {True: "required", False: "optional", None: "unmarked"}[fact.required]


def rewordings(owner: str, name: str, old: Fact | None, new: Fact | None) -> Iterator[Change]:
    """Yield that a description has other words, if it has."""
    if old and new and old.wording != new.wording:
        yield change_of("wording-changed", owner, name, old.wording, new.wording, new)


def removal(id: str, owner: str, name: str) -> Change:
    """Return that something is gone, which has no place any more."""
    return Change(id, owner, name, level=IDS[id])


def addition(id: str, owner: str, name: str, fact: Fact) -> Change:
    """Return that something came; what calls must give breaks those that do not."""
    level: Level = "breaking" if id == "param-added" and fact.required else IDS[id]
    after = " ".join(filter(None, (fact.value, "required" if fact.required else "")))
    return Change(id, owner, name, "", after, level, fact.file, fact.line)


def change_of(id: str, owner: str, name: str, before: str, after: str, fact: Fact) -> Change:
    """Return a change of the usual level, with its place on the page."""
    return Change(id, owner, name, before, after, IDS[id], fact.file, fact.line)
