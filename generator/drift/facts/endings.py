"""Adds what pages say of the end of parameters, members and values; that of an operation its section reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from generator.drift.facts.deprecation import end_of_member, ends_of_values
from generator.drift.facts.facts import Fact, Facts, Key

KIND = "deprecated"


def key_of_end(owner: str, kind: str, name: str) -> Key:
    """Return the key of the end of a `param`, `field` or `value`; a parameter and a member may share a name."""
    return owner, KIND, f"{kind} {name}"


def add_ends(facts: Facts, key: Key, text: str, values: Sequence[str], at: Fact) -> None:
    """Add that a parameter or member ends, or values of it.

    Args:
        facts: Where to add it.
        key: Owner, kind and path.
        text: Its description.
        values: What the description lists.
        at: File and line.
    """
    owner, _, path = key
    ends, rest = ends_of_values(text, values) if values else ({}, text)
    for value, end in ends.items():
        facts.add(key_of_end(owner, "value", f"{path}={value}"), replace(at, value=end))
    if end := end_of_member(rest, path.rpartition(".")[2].removesuffix("[]")):
        facts.add(key_of_end(*key), replace(at, value=end))


def add_end_of_value(facts: Facts, key: Key, text: str, at: Fact) -> None:
    """Add that a value of a list ends, if its entry says so."""
    value = key[2].rpartition("=")[2]
    end = ends_of_values(text, [value])[0].get(value) or end_of_member(text, value)
    if end:
        facts.add(key_of_end(*key), replace(at, value=end))


def settle_ends(facts: Facts) -> None:
    """Move the ends of words that turned out to be no values to what they describe: ``spot`: deprecated` ends it in part."""
    for key, fact in list(facts.of(KIND)):
        kind, _, name = key[2].partition(" ")
        if kind == "value" and (key[0], "value", name) not in facts.facts:
            del facts.facts[key]
            path = name.partition("=")[0]
            for member in ("param", "field"):
                if (key[0], member, path) in facts.facts:
                    facts.add(key_of_end(key[0], member, path), fact)
