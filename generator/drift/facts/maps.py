"""Recognizes objects of samples whose keys are data: coins, or ids. Their keys are no members."""

from __future__ import annotations

import re
from dataclasses import replace

from generator.drift.facts.facts import Fact, Facts

# A coin or a symbol, or an id: names of members are hardly ever in capitals, and never figures.
_KEY = re.compile(r"[A-Z][A-Z0-9]{1,14}|\d+")


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


def _fold(facts: Facts, owner: str, path: str, members: dict[str, Fact]) -> None:
    first = next(iter(members.values()))
    is_deep = any(fact.value in ("object", "array") for fact in members.values())
    kind = "map" if is_deep else f"map<{first.value or 'string'}>"
    facts.facts[owner, "sample", path] = replace(facts.facts[owner, "sample", path], value=kind, shown=first.shown)
    for key in [key for key in facts.facts if key[:2] == (owner, "sample") and key[2].startswith(f"{path}.")]:
        del facts.facts[key]
