"""Divides the operations of a draft into groups, by their paths."""

from __future__ import annotations

import keyword
import re

from generator.check.names import CLIENT
from generator.drift.facts.facts import Facts
from generator.ground.naming import snake


def groups_of(facts: Facts) -> dict[str, list[str]]:
    """Group operations by the first part in which their paths differ."""
    paths = {
        owner: [p for p in owner.split(" ", 1)[1].split("/") if p and not p.startswith("{")] for owner in facts.owners()
    }
    shared = 0
    while len({tuple(parts[: shared + 1]) for parts in paths.values()}) == 1 and all(
        len(p) > shared + 1 for p in paths.values()
    ):
        shared += 1
    groups: dict[str, list[str]] = {}
    rests = {owner: [p for p in parts[shared:] if not re.fullmatch(r"v\d+|api", p)] for owner, parts in paths.items()}
    # `/order` belongs to `/order/test`; what has no such company shares a group.
    several = {rest[0] for rest in rests.values() if len(rest) > 1}
    for owner, rest in rests.items():
        name = snake(rest[0]) if rest and rest[0] in several else "common"
        # Groups become attributes of the client, and must not hide its own, such as `call`.
        name = f"{name}_calls" if keyword.iskeyword(name) or name in CLIENT else name
        groups.setdefault(name if re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) else "common", []).append(owner)
    return groups
