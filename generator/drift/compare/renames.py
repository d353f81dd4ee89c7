"""Recognizes what was renamed or moved, if the evidence is strong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from generator.drift.facts.facts import Fact, Facts

# Rather an addition and a removal too many than a wrong pair: with --write, a rename is applied to the spec.
LIKE = 0.75  # share of common members from which two operations are one
Members = set[tuple[str, str]]
FEW = 3  # fewer common members prove nothing: many calls have `symbol` and `limit`


def moved(old: Facts, new: Facts, gone: Sequence[str], come: Sequence[str]) -> dict[str, str]:
    """Return old operation → new one, for those that only changed method or path."""
    mine = {owner: _members(old, owner) for owner in gone}
    theirs = {owner: _members(new, owner) for owner in come}
    scores = [(_likeness(mine[a], theirs[b], a, b), a, b) for a in gone for b in come]
    result: dict[str, str] = {}
    # The best pairs first; by name if scores are equal, so that the result does not depend on the order of the page.
    for score, before, after in sorted(scores, key=lambda s: (-s[0], s[1], s[2])):
        if score >= LIKE and before not in result and after not in result.values():
            result[before] = after
    return result


def _likeness(mine: Members, theirs: Members, before: str, after: str) -> float:
    """Rate from 0 to 1 how likely two operations are one, by the members and the part of the path that they share."""
    (method, path), (other_method, other_path) = before.split(" ", 1), after.split(" ", 1)
    shared = len(mine & theirs) / len(mine | theirs) if mine | theirs else 0.0
    if path == other_path:
        return 1.0 if shared >= 0.5 or not (mine | theirs) else 0.0
    # The same last part, as after a change of version: /v1/order → /v2/order.
    if path.rsplit("/", 1)[-1] == other_path.rsplit("/", 1)[-1] and method == other_method:
        return max(shared, 0.8) if shared >= 0.5 or not (mine | theirs) else 0.0
    return shared if len(mine & theirs) >= FEW and method == other_method else 0.0


def _members(facts: Facts, owner: str) -> Members:
    kinds = {"param": "param", "field": "field", "sample": "field", "value": "value"}
    return {(shown, key[2]) for kind, shown in kinds.items() for key, _ in facts.of(kind, owner)}


def renamed(gone: Mapping[str, Fact], come: Mapping[str, Fact]) -> dict[str, str]:
    """Return old name → new name: the same letters in another case, or the same description and type."""
    result: dict[str, str] = {}
    for same in (_letters, _words):
        taken = set(result.values())
        befores = _by_likeness({name: fact for name, fact in gone.items() if name not in result}, same)
        afters = _by_likeness({name: fact for name, fact in come.items() if name not in taken}, same)
        for likeness, before in befores.items():
            after = afters.get(likeness, [])
            # Unique in both directions, or a description that several rows share would pair them at random.
            if len(before) == len(after) == 1:
                result[before[0]] = after[0]
    return result


def _by_likeness(names: Mapping[str, Fact], same: Callable[[str, Fact], str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, fact in names.items():
        if likeness := same(name, fact):
            found.setdefault(likeness, []).append(name)
    return found


def _letters(name: str, _: Fact) -> str:
    return re.sub(r"[_-]", "", name).lower()


def _words(name: str, fact: Fact) -> str:
    """Return description, type and parent; empty without a description."""
    return "\n".join((fact.wording, fact.value, name.rpartition(".")[0])) if fact.wording else ""
