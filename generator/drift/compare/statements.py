"""What changed on pages outside of operations: addresses, limits, units and signing by name, the rest as wording."""

from __future__ import annotations

from collections.abc import Iterator

from generator.drift.compare.changes import IDS, Change, Level
from generator.drift.facts.facts import Fact, Facts, Key

Stated = set[tuple[str, str]]
"""Name and value of what sections state: `address` and `https://api.example.com`."""


def statement_changes(old: Facts, new: Facts) -> Iterator[Change]:
    """Yield the changes of sections; nothing if the last reading has no sections."""
    # Readings of earlier versions have no sections: everything would be new.
    if not any(old.of("prose")) and not any(old.of("stated")):
        return
    moved = _difference(old, new) & _difference(new, old) | _same_addresses(old, new)
    for key in sorted({key for facts in (old, new) for kind in ("prose", "stated") for key, _ in facts.of(kind)}):
        yield from _change(key, old, new, moved)


def _difference(facts: Facts, other: Facts) -> Stated:
    """Return what a section of one side states, and the section of that name on the other side does not."""
    return {
        (key[2], value)
        for key, fact in facts.of("stated")
        for value in set(_values(fact)) - set(_values(other.facts.get(key, Fact())))
    }


def _same_addresses(old: Facts, new: Facts) -> Stated:
    """Return the addresses of both sides: an example more or less that has one changes nothing."""
    before, after = (
        {v for k, f in facts.of("stated") if k[2] == "address" for v in _values(f)} for facts in (old, new)
    )
    return {("address", value) for value in before & after}


def _values(fact: Fact) -> list[str]:
    return [value for value in fact.value.split("|") if value]


def _change(key: Key, old: Facts, new: Facts, moved: Stated) -> Iterator[Change]:
    owner, kind, name = key
    before, after = (facts.facts.get(key, Fact()) for facts in (old, new))
    # What is stated is read from the words: where these are the same, only the way of reading changed.
    words = [facts.facts.get((owner, "prose", ""), Fact()).wording for facts in (old, new)]
    if kind == "stated" and words[0] == words[1] != "":
        return
    place = after if after.file else new.facts.get((owner, "prose", ""), Fact())
    if kind == "prose" and before.wording != after.wording:
        yield Change("wording-changed", owner, "", before.wording, after.wording, "wording", place.file, place.line)
    elif kind == "stated" and before.value != after.value:
        was, now = _values(before), _values(after)
        gone, come = (
            "|".join(v for v in some if v not in others and (name, v) not in moved)
            for some, others in ((was, now), (now, was))
        )
        id = f"{name}-changed"
        # A second address or another algorithm takes nothing away; a limit or a window more may refuse calls.
        level: Level = "new" if name in ("address", "signing", "unit") and not gone else IDS[id]
        # In another order, or under another heading, they say the same.
        if gone or come:
            yield Change(id, owner, name, gone, come, level, place.file, place.line)
