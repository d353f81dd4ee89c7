"""What changed on pages outside of operations: addresses, limits, units and signing by name, the rest as wording."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from generator.drift.compare.amounts import level_of_figures
from generator.drift.compare.changes import IDS, Change, Level
from generator.drift.compare.sections import Pages, Pair, Section, pairs_of

Stated = set[tuple[str, str]]
"""Name and value of what sections state: `address` and `https://api.example.com`."""
FIGURES = ("limit", "window")
NOTHING = Section("", "")


def statement_changes(old: Pages, new: Pages) -> list[Change]:
    """Return the changes of sections, of all pages at once: what moves from one to another says the same as before.

    Nothing, if the last reading has no sections, as those of earlier versions: everything would be new.
    """
    if not any(key[1] in ("prose", "stated") for facts in old.values() for key in facts.facts):
        return []
    return _Comparison(old, new).changes()


class _Comparison:
    def __init__(self, old: Pages, new: Pages) -> None:
        self._old, self._new = old, new
        self._pairs = list(pairs_of(old, new))
        self._before, self._after = _stated(old), _stated(new)
        self._gone = {value: pair.before for pair in self._pairs if pair.before for value in _lacking(pair, gone=True)}
        come = {value for pair in self._pairs for value in _lacking(pair, gone=False)}
        self._moved = self._gone.keys() & come

    def changes(self) -> list[Change]:
        """Return all changes; what moved as a whole is one."""
        return [change for pair in self._pairs for step in self._of_pair(pair) for change in step]

    def _of_pair(self, pair: Pair) -> Iterator[Iterable[Change]]:
        before, after = pair.before or NOTHING, pair.after or NOTHING
        # A page that only got another name says nothing new.
        if not (pair.before and before.page not in self._new and after.page not in self._old):
            yield _moving(pair)
        # Of a page that is read for the first time, the age of its words is unknown.
        if pair.before or after.page in self._old:
            yield _rewording(before, after)
        # What is stated is read from the words: where these are the same, only the way of reading changed.
        if before.prose.wording != after.prose.wording or not after.prose.wording:
            for name in sorted({*before.stated, *after.stated}):
                yield self._of_name(pair, name)

    def _of_name(self, pair: Pair, name: str) -> Iterator[Change]:
        was, now = ([v for n, v in _values(side) if n == name] for side in (pair.before, pair.after))
        gone, come = [v for v in was if v not in now], [v for v in now if v not in was]
        left = [v for v in gone if not self._is_elsewhere((name, v))]
        fresh = [v for v in come if not self._is_elsewhere((name, v)) and not self._is_repeated(pair, (name, v))]
        # What stands in the place of another is its successor, even if the other is named elsewhere, too.
        if len(gone) == len(come) and (left or fresh):
            left, fresh = gone, come
        after = pair.after or NOTHING
        owner, at = after.owner or (pair.before or NOTHING).owner, after.stated.get(name, after.prose)
        if left or fresh:
            values = "|".join(left), "|".join(fresh)
            yield Change(f"{name}-changed", owner, name, *values, _level(name, *values), at.file, at.line)
        moved = [self._gone[name, v].place for v in come if v not in fresh and (name, v) in self._moved]
        for source in dict.fromkeys(moved):
            yield Change("statement-moved", owner, name, *_places(source, after.place), "wording", at.file, at.line)

    def _is_elsewhere(self, stated: tuple[str, str]) -> bool:
        """Whether it only moved; an example more or less that has an address changes nothing."""
        return stated in self._moved or (stated[0] == "address" and stated in self._before & self._after)

    def _is_repeated(self, pair: Pair, stated: tuple[str, str]) -> bool:
        """Whether a page that is read for the first time says what another page said before."""
        return (
            pair.before is None
            and pair.after is not None
            and pair.after.page not in self._old
            and stated in self._before
        )


def _level(name: str, before: str, after: str) -> Level:
    if name in FIGURES:
        return level_of_figures(name, before, after)
    # A second address, unit or algorithm takes nothing away.
    return IDS[f"{name}-changed"] if before else "new"


def _moving(pair: Pair) -> Iterator[Change]:
    if pair.before and pair.after and pair.has_moved:
        at = pair.after.prose
        places = _places(pair.before.place, pair.after.place)
        yield Change("statement-moved", pair.after.owner, "", *places, "wording", at.file, at.line)


def _rewording(before: Section, after: Section) -> Iterator[Change]:
    if before.prose.wording != after.prose.wording:
        at, owner = after.prose, after.owner or before.owner
        words = before.prose.wording, after.prose.wording
        yield Change("wording-changed", owner, "", *words, "wording", at.file, at.line)


def _places(before: tuple[str, str], after: tuple[str, str]) -> tuple[str, str]:
    """Return where something stood and stands: the headings, with their pages if these differ."""
    if before[0] == after[0]:
        return before[1], after[1]
    return f"{before[1]} ({before[0]})", f"{after[1]} ({after[0]})"


def _lacking(pair: Pair, *, gone: bool) -> Stated:
    """Return what only one side of a pair states."""
    before, after = set(_values(pair.before)), set(_values(pair.after))
    return before - after if gone else after - before


def _stated(pages: Pages) -> Stated:
    return {
        (key[2], value)
        for facts in pages.values()
        for key, fact in facts.of("stated")
        for value in fact.value.split("|")
    }


def _values(section: Section | None) -> Sequence[tuple[str, str]]:
    facts = section.stated.items() if section else ()
    return [(name, value) for name, fact in facts for value in fact.value.split("|") if value]
