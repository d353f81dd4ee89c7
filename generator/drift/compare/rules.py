"""The changes of what a call needs in a case, such as orders of one type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from generator.drift.compare.changes import Change
from generator.drift.compare.differences import change_of
from generator.drift.compare.members import names_of
from generator.drift.facts.facts import Fact, Facts
from generator.drift.facts.requirements import KIND


def rule_changes(old: Facts, before: str, new: Facts, after: str) -> Iterator[Change]:
    """Yield the cases that need other parameters than in the last reading; `before` and `after` own them."""
    was, now = names_of(old, before, (KIND,)), names_of(new, after, (KIND,))
    # Readings of earlier versions have no rules: where the words are the same, none came.
    if not was and _words(old, before) == _words(new, after):
        return
    for name in sorted(was.keys() | now.keys()):
        gone, come = (_parts(facts.get(name)) for facts in (was, now))
        if gone != come:
            fact = now.get(name, Fact())
            change = change_of("rule-changed", after, name, "|".join(sorted(gone)), "|".join(sorted(come)), fact)
            yield change if come - gone else replace(change, level="new")


def _words(facts: Facts, owner: str) -> list[str]:
    return [facts.facts.get((owner, kind, ""), Fact()).wording for kind in ("operation", "prose")]


def _parts(fact: Fact | None) -> set[str]:
    return {part for part in fact.value.split("|") if part} if fact else set()
