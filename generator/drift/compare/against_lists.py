"""Compares documented enums and error codes with those of the spec."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.drift.compare.changes import IDS, Change
from generator.drift.compare.endings import value_ends
from generator.drift.compare.spec_facts import SpecFacts
from generator.drift.facts.facts import Facts, Key
from generator.drift.facts.sanity import KEPT


def list_changes(spec: SpecFacts, docs: Facts) -> Iterator[Change]:
    """Yield the values and codes that only one side has."""
    yield from _enums(spec, docs)
    yield from _codes(spec, docs)


def _enums(spec: SpecFacts, docs: Facts) -> Iterator[Change]:
    owners = dict.fromkeys(k[0] for k, _ in docs.of("value") if k[0].startswith("enum "))
    # A value that another list has now was moved, not removed.
    listed = {k[2].rpartition("=")[2] for k, _ in docs.of("value")}
    everywhere = {str(member.value) for enum in spec.api.enums for member in enum.members}
    for owner in owners:
        values = {k[2]: k for k, _ in docs.of("value", owner)}
        members, name = _likest(spec, owner.removeprefix("enum "), set(values))
        # A list that shares a few values with several enums is probably a mixture in prose, so nothing is said of it.
        strange = not name and not everywhere & values.keys()
        for value, key in values.items():
            if (name and value not in members) or strange:
                yield _addition(docs, "enum-value-added", f"enum {name}" if name else owner, value, owner, key)
        if name:
            yield from value_ends(docs, owner, spec.enums[name])
        for value in sorted(members - set(values) - listed):
            yield Change("enum-value-removed", f"enum {name}", value, owner, "", IDS["enum-value-removed"])


def _likest(spec: SpecFacts, title: str, values: set[str]) -> tuple[set[str], str]:
    """Return members and name of the enum that resembles a list most; none if it has less than half of the values."""
    best, shared = "", 0.0
    for enum in spec.api.enums:
        members = {str(member.value) for member in enum.members}
        # Relative to both sides, so that the enum with the most members does not match every list.
        likeness = len(members & values) / len(members | values)
        if likeness > shared and len(members & values) * 2 >= len(values):
            best, shared = enum.name, likeness
    # Every list of numbers begins with 0 and 1, which says nothing, so that the names must be alike.
    if all(re.fullmatch(r"-?\d{1,3}", value) for value in values) and not _bare(best) & _bare(title):
        best = ""
    return ({str(m.value) for m in spec.enums[best].members}, best) if best else (set(), "")


def _bare(name: str) -> set[str]:
    """Return the words of a name in lower case."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)}


def _codes(spec: SpecFacts, docs: Facts) -> Iterator[Change]:
    for owner, codes in (("errors", spec.api.errors), ("stream errors", spec.api.stream_errors)):
        documented = {k[2]: k for k, _ in docs.of("code", owner)}
        known = {code.code for code in codes}
        for code, key in documented.items():
            if code not in known:
                yield _addition(docs, "error-code-added", owner, code, docs.facts[key].value, key)
        # A page may list a few codes without listing them all.
        listed = len(documented.keys() & known) >= KEPT * len(known)
        for code in sorted(known - documented.keys()) if listed else ():
            yield Change("error-code-removed", owner, code, level=IDS["error-code-removed"])


def _addition(docs: Facts, id: str, owner: str, name: str, after: str, key: Key) -> Change:
    fact = docs.facts[key]
    return Change(id, owner, name, "", after, IDS[id], fact.file, fact.line)
