"""What changed of the defaults, ranges and units that the words of parameters and fields state."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from generator.drift.compare.changes import IDS, Change, Level
from generator.drift.facts.facts import Fact, Facts

KINDS = {"default": "param-default-changed", "range": "param-range-changed", "unit": "unit-changed"}
"""Kind of fact → id of its change."""


def bound_changes(
    old: Facts, before: str, new: Facts, after: str, renames: Sequence[Mapping[str, str]]
) -> Iterator[Change]:
    """Yield how the bounds of an operation's members changed; nothing if the last reading of the page has none.

    Args:
        old: The last reading.
        before: The operation or channel there.
        new: This reading.
        after: The operation or channel now.
        renames: Old → new name of the parameters and of the fields that both have.
    """
    if not any(key[1] in KINDS for key in old.facts):
        return
    for names in renames:
        for earlier, later in names.items():
            for kind, id in KINDS.items():
                was, now = old.facts.get((before, kind, earlier), Fact()), new.facts.get((after, kind, later), Fact())
                # A unit that is named for the first time, or no more, is a matter of words.
                if was.value != now.value and (kind != "unit" or (was.value and now.value)):
                    at = now if now.file else new.facts.get((after, "param", later), Fact())
                    level = _level(kind, was.value, now.value)
                    yield Change(id, after, later, was.value, now.value, level, at.file, at.line)


def bounds(facts: Facts, owner: str, name: str) -> set[str]:
    """Return the default and the ends of the range of a parameter."""
    found = (facts.facts.get((owner, kind, name), Fact()).value for kind in ("default", "range"))
    return {value for text in found for value in re.split(r"\||\.\.", text) if value}


def _level(kind: str, before: str, after: str) -> Level:
    if not before or not after:
        return "new"
    return "new" if kind == "range" and _is_wider(before, after) else IDS[KINDS[kind]]


def _is_wider(before: str, after: str) -> bool:
    old, new = ([_ends(part) for part in text.split("|")] for text in (before, after))
    return len(old) == len(new) and all(b[0] <= a[0] and a[1] <= b[1] for a, b in zip(old, new, strict=True))


def _ends(text: str) -> tuple[Decimal, Decimal]:
    low, _, high = text.partition("..")
    return Decimal(low or "-Infinity"), Decimal(high or "Infinity")
