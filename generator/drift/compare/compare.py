"""What changed between two readings of the documentation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from generator.drift.compare.changes import IDS, Change, Level, in_order
from generator.drift.compare.renames import moved, renamed
from generator.drift.compare.statements import statement_changes
from generator.drift.compare.unwrapping import unwrapped
from generator.drift.facts.facts import SECTION, Fact, Facts

Names = dict[str, Fact]
_WIDTHS = {"short": 1, "int16": 1, "int": 2, "int32": 2, "integer": 2, "long": 3, "int64": 3, "bigint": 3}
"""Integer types by their range: a larger number holds all values of a smaller one."""


def compare(old: Facts, new: Facts) -> list[Change]:
    """Return what changed from one reading to the next, the most severe first."""
    comparison = _Comparison(old, new)
    return in_order([change for step in comparison.steps() for change in step])


class _Comparison:
    def __init__(self, old: Facts, new: Facts) -> None:
        self._old = old
        self._new = new
        gone = [owner for owner in old.owners() if (owner, "operation", "") not in new.facts]
        come = [owner for owner in new.owners() if (owner, "operation", "") not in old.facts]
        self._moved = moved(old, new, gone, come)
        self._gone = [owner for owner in gone if owner not in self._moved]
        self._come = [owner for owner in come if owner not in self._moved.values()]

    def steps(self) -> Iterator[Iterator[Change]]:
        """Yield the comparisons: operations, channels, their members, lists and statements."""
        yield self._operations()
        yield self._channels()
        for owner in self._old.owners():
            if owner not in self._gone:
                yield self._members(owner, self._moved.get(owner, owner))
        for owner in self._old.owners("channel"):
            if (owner, "channel", "") in self._new.facts:
                yield self._members(owner, owner)
        for owner in self._sections():
            yield self._members(owner, owner)
        yield self._lists()
        yield statement_changes(self._old, self._new)

    def _sections(self) -> list[str]:
        """Return the sections whose members can be compared: those of both readings, and those that have some now."""
        old, new = (_owners_of_members(facts) for facts in (self._old, self._new))
        # Readings of earlier versions have no members of sections: everything would be new.
        return sorted(owner for owner in new if owner in old or (old and (owner, "prose", "") in self._old.facts))

    def _operations(self) -> Iterator[Change]:
        yield from (_removal("operation-removed", owner, "") for owner in self._gone)
        for before, after in self._moved.items():
            yield _change("operation-moved", after, "", before, after, self._new.facts[after, "operation", ""])
        yield from (
            _addition("operation-added", owner, "", self._new.facts[owner, "operation", ""]) for owner in self._come
        )

    def _channels(self) -> Iterator[Change]:
        old, new = self._old.owners("channel"), self._new.owners("channel")
        yield from (_removal("channel-removed", owner, "") for owner in old if owner not in new)
        yield from (
            _addition("channel-added", owner, "", self._new.facts[owner, "channel", ""])
            for owner in new
            if owner not in old
        )

    def _members(self, before: str, after: str) -> Iterator[Change]:
        params = _names(self._old, before, ("param",)), _names(self._new, after, ("param",))
        fields = _fields(self._old, before, self._new, after), _fields(self._new, after, self._old, before)
        yield from self._changes_by_name("param", after, *params)
        # Before the comparison: a sample that is now shown with its envelope would otherwise be all new.
        fields = unwrapped(*fields)
        yield from self._changes_by_name("response-field", after, *fields)
        yield from self._positions(before, after)
        yield from self._member_values(before, after, (params, fields))
        yield from self._ending(before, after)
        for kind in ("limit", "weight"):
            yield from self._limit(after, kind, self._old.facts.get((before, kind, "")))
        for kind in ("operation", "channel"):
            yield from _rewordings(
                after, "", self._old.facts.get((before, kind, "")), self._new.facts.get((after, kind, ""))
            )

    def _positions(self, before: str, after: str) -> Iterator[Change]:
        """Compare what stands at the positions of arrays, such as `list[0]: startTime`."""
        # Readings of earlier versions have none: everything would be new.
        if any(self._old.of("position")):
            old, new = _names(self._old, before, ("position",)), _names(self._new, after, ("position",))
            yield from (_removal("response-field-removed", after, name) for name in old if name not in new)
            yield from (_addition("response-field-added", after, name, new[name]) for name in new if name not in old)
            for name in old.keys() & new.keys():
                yield from _differences("response-field", after, name, old[name], new[name])

    def _changes_by_name(self, what: str, owner: str, old: Names, new: Names) -> Iterator[Change]:
        names = self._renames(old, new)
        for before, after in names.items():
            # One change for a renamed object, not one for each member.
            if _bare(before) != _bare(after) and not _inherited(before, after, names):
                yield _change(f"{what}-renamed", owner, after, before, after, new[after])
        for name in old:
            if name not in names and not _below(name, [n for n in old if n not in names]):
                yield _removal(f"{what}-removed", owner, name)
        for name in new:
            if name not in names.values() and not _below(name, [n for n in new if n not in names.values()]):
                yield _addition(f"{what}-added", owner, name, new[name])
        for before, after in names.items():
            yield from _differences(what, owner, after, old[before], new[after])

    def _renames(self, old: Names, new: Names) -> dict[str, str]:
        """Return old → new name of what both sides have; members follow a renamed parent."""
        names = {name: name for name in old if name in new}
        gone = {n: f for n, f in old.items() if n not in names}
        come = {n: f for n, f in new.items() if n not in names}
        # A list that became an object, or was only called one: one change of its type, none of its members.
        bare = {_bare(name): name for name in come}
        found = {name: bare[_bare(name)] for name in gone if _bare(name) in bare}
        found |= renamed(
            {name: fact for name, fact in gone.items() if name not in found},
            {name: fact for name, fact in come.items() if name not in found.values()},
        )
        for name in gone:
            parent = next((p for p in found if name.startswith((p + ".", p + "[]"))), None)
            moved_name = found[parent] + name[len(parent) :] if parent else ""
            if moved_name in come and name not in found:
                found[name] = moved_name
        return names | found

    def _member_values(self, before: str, after: str, members: Sequence[tuple[Names, Names]]) -> Iterator[Change]:
        """Compare the values of parameters and fields; those of a member are added, removed and renamed with it.

        A parameter and a field may share a name: values that come or go with one of them are no change of their own.
        """
        old, new = _names(self._old, before, ("value",)), _names(self._new, after, ("value",))
        pairs = [(earlier, later, self._renames(earlier, later)) for earlier, later in members]
        gone = {name for earlier, _, names in pairs for name in earlier.keys() - names.keys()}
        come = {name for _, later, names in pairs for name in later.keys() - set(names.values())}
        kept = dict[str, Fact]()
        for name, fact in old.items():
            path, sign, value = name.partition("=")
            later_names = [f"{names[path]}{sign}{value}" for _, _, names in pairs if path in names] + [name]
            kept |= dict.fromkeys([n for n in later_names if n in new] or later_names[:1], fact)
        for change in self._values(after, kept, new):
            path = change.name.partition("=")[0]
            if path not in (gone if change.id == "enum-value-removed" else come):
                yield change

    def _values(self, owner: str, old: Names, new: Names) -> Iterator[Change]:
        yield from (_removal("enum-value-removed", owner, name) for name in old if name not in new)
        yield from (_addition("enum-value-added", owner, name, new[name]) for name in new if name not in old)

    def _ending(self, before: str, after: str) -> Iterator[Change]:
        """Report that the end of an operation was announced, postponed or called off."""
        old, new = (
            facts.facts.get((owner, "deprecated", "")) for facts, owner in ((self._old, before), (self._new, after))
        )
        was, now = old.value if old else "", new.value if new else ""
        if was != now:
            yield _change("operation-deprecated", after, "", was, now, new or Fact())

    def _limit(self, owner: str, kind: str, before: Fact | None) -> Iterator[Change]:
        after = self._new.facts.get((owner, kind, ""))
        # A limit that is documented for the first time is a change, too; one without a figure on both sides is none.
        if (before and before.value) != (after and after.value):
            old, new = before.value if before else "", after.value if after else ""
            change = _change("limit-changed", owner, kind, old, new, after or Fact())
            yield replace(change, level="new") if _is_looser(old, new) else change

    def _lists(self) -> Iterator[Change]:
        owners = dict.fromkeys(k[0] for f in (self._old, self._new) for k in f.facts if k[1] in ("value", "code"))
        for owner in owners:
            # Operations, sections and channels were compared above; what is left are enums and lists of codes.
            if " /" in owner or owner.startswith(SECTION) or (owner.startswith("stream ") and owner != "stream errors"):
                continue
            old, new = _names(self._old, owner, ("value",)), _names(self._new, owner, ("value",))
            yield from self._values(owner, old, new)
            for name in old.keys() & new.keys():
                yield from _rewordings(owner, name, old[name], new[name])
            yield from self._codes(owner)

    def _codes(self, owner: str) -> Iterator[Change]:
        old, new = _names(self._old, owner, ("code",)), _names(self._new, owner, ("code",))
        yield from (_removal("error-code-removed", owner, name) for name in old if name not in new)
        yield from (_addition("error-code-added", owner, name, new[name]) for name in new if name not in old)
        for name in sorted(old.keys() & new.keys()):
            yield from _rewordings(owner, name, old[name], new[name])


def _names(facts: Facts, owner: str, kinds: tuple[str, ...]) -> Names:
    return {key[2]: fact for kind in kinds for key, fact in facts.of(kind, owner)}


def _owners_of_members(facts: Facts) -> set[str]:
    kinds = ("param", "field", "sample", "weight")
    return {owner for owner, kind, _ in facts.facts if kind in kinds and owner.startswith(SECTION)}


def _fields(facts: Facts, owner: str, others: Facts, other: str) -> Names:
    """Return the fields of a response, without those of samples that a table of the other side lists.

    A sample's member counts only while no table lists it; otherwise each new or deleted row would be reported twice.
    """
    listed = {_leaf(name) for name in _names(others, other, ("field",))}
    kept = _names(others, other, ("sample",))
    samples = _names(facts, owner, ("sample",)).items()
    return _names(facts, owner, ("field",)) | {n: f for n, f in samples if n in kept or _leaf(n) not in listed}


def _leaf(path: str) -> str:
    return path.rsplit(".", 1)[-1].removesuffix("[]")


def _bare(path: str) -> str:
    return path.replace("[]", "")


def _inherited(before: str, after: str, names: dict[str, str]) -> bool:
    """Whether a name changed only because its parent was renamed."""
    return any(
        old not in (new, before) and before.startswith((old + ".", old + "[]")) and after == new + before[len(old) :]
        for old, new in names.items()
    )


def _below(name: str, others: list[str]) -> bool:
    """Whether the parent of a member was added or removed with it."""
    return any(name != other and name.startswith((other + ".", other + "[].")) for other in others)


def _differences(what: str, owner: str, name: str, old: Fact, new: Fact) -> Iterator[Change]:
    if what == "param" and old.required is not True and new.required is True:
        yield _change("param-became-required", owner, name, _mark(old), _mark(new), new)
    if what == "param" and old.required is True and new.required is False:
        yield _change("param-became-optional", owner, name, _mark(old), _mark(new), new)
    # Pages change STRING to String from one version to the next, and a type that is not told is not another type.
    if old.value and new.value and old.value.lower() != new.value.lower():
        change = _change(f"{what}-type-changed", owner, name, old.value, new.value, new)
        yield replace(change, level="new") if _is_wider(old.value, new.value) else change
    yield from _rewordings(owner, name, old, new)


def _is_wider(old: str, new: str) -> bool:
    """Whether the new type has all values of the old one: `INT` to `LONG`."""
    before, after = (_WIDTHS.get(value.strip("`* ").lower(), 0) for value in (old, new))
    return 0 < before < after


def _mark(fact: Fact) -> str:
    return {True: "required", False: "optional", None: "unmarked"}[fact.required]


def _rewordings(owner: str, name: str, old: Fact | None, new: Fact | None) -> Iterator[Change]:
    if old and new and old.wording != new.wording:
        yield _change("wording-changed", owner, name, old.wording, new.wording, new)


def _is_looser(old: str, new: str) -> bool:
    """Whether a limit allows more calls in the same time, or a call weighs less."""
    limits = [re.fullmatch(r"(\d+)(/.*)", figures) for figures in (old, new)]
    if limits[0] and limits[1]:
        return limits[0].group(2) == limits[1].group(2) and int(limits[1].group(1)) > int(limits[0].group(1))
    return old.isdigit() and new.isdigit() and int(new) < int(old)


def _removal(id: str, owner: str, name: str) -> Change:
    return Change(id, owner, name, level=IDS[id])


def _addition(id: str, owner: str, name: str, fact: Fact) -> Change:
    level: Level = "breaking" if id == "param-added" and fact.required else IDS[id]
    after = " ".join(filter(None, (fact.value, "required" if fact.required else "")))
    return Change(id, owner, name, "", after, level, fact.file, fact.line)


def _change(id: str, owner: str, name: str, before: str, after: str, fact: Fact) -> Change:
    return Change(id, owner, name, before, after, IDS[id], fact.file, fact.line)
