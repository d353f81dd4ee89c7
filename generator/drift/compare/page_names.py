"""The pages of the last reading: those that have another name now, and those that are not there."""

from __future__ import annotations

from collections.abc import Mapping

from generator.drift.facts.facts import Facts

LIKE = 0.5  # share of what a page states that another one stated before it, so that they are one page
SHOWN = 3  # names of pages in a remark
Contents = frozenset[tuple[object, ...]]


def under_new_names(observed: Mapping[str, Facts], now: Mapping[str, Facts]) -> dict[str, Facts]:
    """Return the last reading of each page under the name that the page has now."""
    come = {name: _contents(facts) for name, facts in now.items() if name not in observed}
    gone = {name: _contents(facts) for name, facts in observed.items() if name not in now} if come else {}
    scores = [(len(gone[a] & come[b]) / max(len(come[b]), 1), a, b) for a in gone for b in come]
    names = dict[str, str]()
    # The best pairs first; by name if scores are equal, so that the result does not depend on the order of the pages.
    for score, before, after in sorted(scores, key=lambda each: (-each[0], each[1], each[2])):
        if score >= LIKE and before not in names and after not in names.values():
            names[before] = after
    return {names.get(name, name): facts for name, facts in observed.items()}


def not_read(observed: Mapping[str, Facts], now: Mapping[str, Facts]) -> list[str]:
    """Return a remark about the pages of the last reading that are not among those of this one; they stay as they were."""
    gone = sorted(name for name in observed if name not in now)
    more = [f"{len(gone) - SHOWN} more"] if len(gone) > SHOWN else []
    return [f"{', '.join([*gone[:SHOWN], *more])}: read the last time, and not now"] if gone else []


def _contents(facts: Facts) -> Contents:
    return frozenset((key, fact.value, fact.required, fact.wording) for key, fact in facts.facts.items())
