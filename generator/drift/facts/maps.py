"""Recognizes objects of samples whose keys are data: coins, or ids. Their keys are no members."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from generator.drift.facts.facts import Fact, Facts

# A coin or a symbol, or an id: names of members are hardly ever in capitals, and never figures.
_KEY = re.compile(r"[A-Z][A-Z0-9]{1,14}|\d+")

DOTS = "..."
"""The key that stands for more of the same."""
SIDES = frozenset({"LONG", "SHORT", "BUY", "SELL", "BOTH", "ASK", "BID", "MAKER", "TAKER", "SPOT", "MARGIN"})
"""Names of members, although they are in capitals."""


def fold_maps(facts: Facts) -> None:
    """Replace such an object in the samples by a map, where a table lists the object and none of its keys.

    Without a table, `LONG` and `SHORT` may well be members.
    """
    listed = {(key[0], key[2].rpartition(".")[2]) for key, _ in facts.of("field")}
    below = dict[tuple[str, str], dict[str, Fact]]()
    for (owner, _, path), fact in facts.of("sample"):
        above, _, name = path.rpartition(".")
        below.setdefault((owner, above), {})[name] = fact
    for (owner, above), members in below.items():
        parent = facts.facts.get((owner, "sample", above))
        is_map = (owner, above.rpartition(".")[2].removesuffix("[]")) in listed
        is_map = is_map and all(_KEY.fullmatch(name) and (owner, name) not in listed for name in members)
        if parent is not None and parent.value == "object" and is_map:
            _fold(facts, owner, above, members)


def fold_alike(facts: Facts) -> None:
    """Replace objects whose keys are data, and that hold objects with the same members, by the first of them, under `*`.

    Dots between them, or several of them, are the proof that a table gives elsewhere.
    """
    listed = {(key[0], key[2].rpartition(".")[2]) for key, _ in facts.of("field")}
    below = dict[tuple[str, str], dict[str, Fact]]()
    for (owner, _, path), fact in facts.of("sample"):
        above, _, name = path.rpartition(".") if not path.endswith("...") else (path[:-3].removesuffix("."), "", DOTS)
        below.setdefault((owner, above), {})[name] = fact
    for (owner, above), members in below.items():
        names = members.keys() - {DOTS}
        is_keyed = all(_KEY.fullmatch(name) and (owner, name) not in listed for name in names)
        if not names or not is_keyed or (len(names) < 2 and DOTS not in members) or names <= SIDES:
            continue
        prefix = f"{above}." if above else ""
        shapes = {name: set(below.get((owner, f"{prefix}{name}"), ())) for name in names}
        if _are_alike(shapes.values()) and all(members[name].value == "object" for name in names):
            _keep_first(facts, owner, prefix, list(members))


def _are_alike(shapes: Iterable[Collection[str]]) -> bool:
    first, *others = shapes
    return bool(first) and all(shape == first for shape in others)


def _keep_first(facts: Facts, owner: str, prefix: str, names: list[str]) -> None:
    """Rename the first of some members to `*`, with all that lies in it, and remove the others."""
    first = next(name for name in names if name != DOTS)
    renamed = dict[str, Fact]()
    for key in [key for key in facts.facts if key[:2] == (owner, "sample") and key[2].startswith(prefix)]:
        name, _, rest = key[2].removeprefix(prefix).partition(".")
        if key[2] == f"{prefix}{DOTS}" or name in names:
            fact = facts.facts.pop(key)
            if name == first:
                renamed[f"{prefix}*{'.' if rest else ''}{rest}"] = fact
    facts.facts |= {(owner, "sample", path): fact for path, fact in renamed.items()}


def _fold(facts: Facts, owner: str, path: str, members: dict[str, Fact]) -> None:
    first = next(iter(members.values()))
    is_deep = any(fact.value in ("object", "array") for fact in members.values())
    kind = "map" if is_deep else f"map<{first.value or 'string'}>"
    facts.facts[owner, "sample", path] = replace(facts.facts[owner, "sample", path], value=kind, shown=first.shown)
    for key in [key for key in facts.facts if key[:2] == (owner, "sample") and key[2].startswith(f"{path}.")]:
        del facts.facts[key]
