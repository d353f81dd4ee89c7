"""What changed on pages outside of operations: addresses, limits, units and signing by name, the rest as wording."""

from __future__ import annotations

from collections.abc import Iterator

from generator.drift.compare.changes import IDS, Change, Level
from generator.drift.facts.facts import Fact, Facts


def statement_changes(old: Facts, new: Facts) -> Iterator[Change]:
    """Yield the changes of sections; nothing if the last reading has no sections."""
    # Readings of earlier versions have no sections: everything would be new.
    if not any(old.of("prose")):
        return
    for key in sorted({key for facts in (old, new) for kind in ("prose", "stated") for key, _ in facts.of(kind)}):
        yield from _change(key, old.facts.get(key, Fact()), new.facts.get(key, Fact()), new)


def _change(key: tuple[str, str, str], before: Fact, after: Fact, new: Facts) -> Iterator[Change]:
    owner, kind, name = key
    place = after if after.file else new.facts.get((owner, "prose", ""), Fact())
    if kind == "prose" and before.wording != after.wording:
        yield Change("wording-changed", owner, "", before.wording, after.wording, "wording", place.file, place.line)
    elif kind == "stated" and before.value != after.value:
        was, now = before.value.split("|"), after.value.split("|")
        gone, come = "|".join(v for v in was if v not in now), "|".join(v for v in now if v not in was)
        id = f"{name}-changed"
        # A second address or another algorithm takes nothing away; a limit or a window more may refuse calls.
        level: Level = "new" if name in ("address", "signing", "unit") and not gone else IDS[id]
        # In another order, they say the same.
        if gone or come:
            yield Change(id, owner, name, gone, come, level, place.file, place.line)
