"""What changed between two readings of the documentation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from generator.drift.compare.amounts import level_of_figures
from generator.drift.compare.bounds import bound_changes, bounds
from generator.drift.compare.changes import Change, in_order
from generator.drift.compare.differences import addition, change_of, differences, removal, rewordings
from generator.drift.compare.endings import ending_changes
from generator.drift.compare.members import (
    Names,
    bare_path,
    fields_of,
    is_below,
    is_inherited,
    names_of,
    owners_of_members,
    same_members,
)
from generator.drift.compare.renames import moved
from generator.drift.compare.rules import rule_changes
from generator.drift.compare.statements import statement_changes
from generator.drift.compare.unwrapping import unlisted, unwrapped
from generator.drift.facts.facts import SECTION, Fact, Facts


def compare(old: Facts, new: Facts) -> list[Change]:
    """Return what changed from one reading of a page to the next, the most severe first."""
    return in_order([*member_changes(old, new), *statement_changes({"": old}, {"": new})])


def member_changes(old: Facts, new: Facts) -> Iterator[Change]:
    """Yield what changed of operations, channels, their members, lists of values and codes."""
    for step in _Comparison(old, new).steps():
        yield from step


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
        """Yield the comparisons: operations, channels, their members, and lists."""
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

    def _sections(self) -> list[str]:
        """Return the sections whose members can be compared: those of both readings, and those that have some now."""
        old, new = (owners_of_members(facts) for facts in (self._old, self._new))
        # Readings of earlier versions have no members of sections: everything would be new.
        return sorted(owner for owner in new if owner in old or (old and (owner, "prose", "") in self._old.facts))

    def _operations(self) -> Iterator[Change]:
        yield from (removal("operation-removed", owner, "") for owner in self._gone)
        for before, after in self._moved.items():
            yield change_of("operation-moved", after, "", before, after, self._new.facts[after, "operation", ""])
        yield from (
            addition("operation-added", owner, "", self._new.facts[owner, "operation", ""]) for owner in self._come
        )

    def _channels(self) -> Iterator[Change]:
        old, new = self._old.owners("channel"), self._new.owners("channel")
        yield from (removal("channel-removed", owner, "") for owner in old if owner not in new)
        yield from (
            addition("channel-added", owner, "", self._new.facts[owner, "channel", ""])
            for owner in new
            if owner not in old
        )

    def _members(self, before: str, after: str) -> Iterator[Change]:
        params = names_of(self._old, before, ("param",)), names_of(self._new, after, ("param",))
        fields = fields_of(self._old, before, self._new, after), fields_of(self._new, after, self._old, before)
        yield from self._changes_by_name("param", (before, after), *params)
        # Before the comparison: a sample that is now shown with its envelope would otherwise be all new.
        fields, kinds = unlisted(*unwrapped(*fields))
        # Tables list the members of a list without it.
        if kinds and not names_of(self._old, before, ("field",)) and not names_of(self._new, after, ("field",)):
            place = next(iter(names_of(self._new, after, ("sample",)).values()))
            yield change_of("response-field-type-changed", after, "", *kinds, place)
        yield from self._changes_by_name("response-field", (before, after), *fields)
        yield from self._positions(before, after)
        yield from self._member_values(before, after, (params, fields))
        yield from bound_changes(
            self._old, before, self._new, after, [same_members(*pair) for pair in (params, fields)]
        )
        yield from self._ending(before, after)
        yield from rule_changes(self._old, before, self._new, after)
        for kind in ("limit", "weight"):
            yield from self._limit(after, kind, self._old.facts.get((before, kind, "")))
        for kind in ("operation", "channel"):
            yield from rewordings(
                after, "", self._old.facts.get((before, kind, "")), self._new.facts.get((after, kind, ""))
            )

    def _positions(self, before: str, after: str) -> Iterator[Change]:
        """Compare what stands at the positions of arrays, such as `list[0]: startTime`."""
        # Readings of earlier versions have none: everything would be new.
        if any(self._old.of("position")):
            old, new = names_of(self._old, before, ("position",)), names_of(self._new, after, ("position",))
            yield from (removal("response-field-removed", after, name) for name in old if name not in new)
            yield from (addition("response-field-added", after, name, new[name]) for name in new if name not in old)
            for name in old.keys() & new.keys():
                yield from differences("response-field", after, name, old[name], new[name])

    def _changes_by_name(self, what: str, owners: tuple[str, str], old: Names, new: Names) -> Iterator[Change]:
        names, owner = same_members(old, new), owners[1]
        for before, after in names.items():
            # One change for a renamed object, not one for each member.
            if bare_path(before) != bare_path(after) and not is_inherited(before, after, names):
                yield change_of(f"{what}-renamed", owner, after, before, after, new[after])
        gone, come = old.keys() - names.keys(), new.keys() - set(names.values())
        yield from (removal(f"{what}-removed", owner, n) for n in old if n in gone and not is_below(n, gone))
        yield from (addition(f"{what}-added", owner, n, new[n]) for n in new if n in come and not is_below(n, come))
        for before, after in names.items():
            yield from differences(what, owner, after, old[before], new[after])
        yield from ending_changes(what, owners, names, self._old, self._new)

    def _member_values(self, before: str, after: str, members: Sequence[tuple[Names, Names]]) -> Iterator[Change]:
        """Compare the values of parameters and fields; those of a member are added, removed and renamed with it.

        A parameter and a field may share a name: values that come or go with one of them are no change of their own.
        """
        old, new = names_of(self._old, before, ("value",)), names_of(self._new, after, ("value",))
        pairs = [(earlier, later, same_members(earlier, later)) for earlier, later in members]
        gone = {name for earlier, _, names in pairs for name in earlier.keys() - names.keys()}
        come = {name for _, later, names in pairs for name in later.keys() - set(names.values())}
        kept = dict[str, Fact]()
        for name, fact in old.items():
            path, sign, value = name.partition("=")
            later_names = [f"{names[path]}{sign}{value}" for _, _, names in pairs if path in names] + [name]
            kept |= dict.fromkeys([n for n in later_names if n in new] or later_names[:1], fact)
        for change in self._values(after, kept, new):
            path, _, value = change.name.partition("=")
            side = (self._old, before) if change.id == "enum-value-removed" else (self._new, after)
            # Pages write bounds like values: `[1, 100]`, `default 50`.
            is_bound = value in bounds(*side, path)
            if path not in (gone if change.id == "enum-value-removed" else come) and not is_bound:
                yield change
        same = {name: name for name in old if name in new}
        yield from ending_changes("enum-value", (before, after), same, self._old, self._new)

    def _values(self, owner: str, old: Names, new: Names) -> Iterator[Change]:
        yield from (removal("enum-value-removed", owner, name) for name in old if name not in new)
        yield from (addition("enum-value-added", owner, name, new[name]) for name in new if name not in old)

    def _ending(self, before: str, after: str) -> Iterator[Change]:
        """Report that the end of an operation was announced, postponed or called off."""
        old, new = (
            facts.facts.get((owner, "deprecated", "")) for facts, owner in ((self._old, before), (self._new, after))
        )
        was, now = old.value if old else "", new.value if new else ""
        if was != now:
            yield change_of("operation-deprecated", after, "", was, now, new or Fact())

    def _limit(self, owner: str, kind: str, before: Fact | None) -> Iterator[Change]:
        after = self._new.facts.get((owner, kind, ""))
        # A limit that is documented for the first time is a change, too; one without a figure on both sides is none.
        if (before and before.value) != (after and after.value):
            old, new = before.value if before else "", after.value if after else ""
            change = change_of("limit-changed", owner, kind, old, new, after or Fact())
            yield replace(change, level=level_of_figures(kind, old, new))

    def _lists(self) -> Iterator[Change]:
        owners = dict.fromkeys(k[0] for f in (self._old, self._new) for k in f.facts if k[1] in ("value", "code"))
        for owner in owners:
            # Operations, sections and channels were compared above; what is left are enums and lists of codes.
            if " /" in owner or owner.startswith(SECTION) or (owner.startswith("stream ") and owner != "stream errors"):
                continue
            old, new = names_of(self._old, owner, ("value",)), names_of(self._new, owner, ("value",))
            yield from self._values(owner, old, new)
            same = {name: name for name in old if name in new}
            for name in same:
                yield from rewordings(owner, name, old[name], new[name])
            yield from ending_changes("enum-value", (owner, owner), same, self._old, self._new)
            yield from self._codes(owner)

    def _codes(self, owner: str) -> Iterator[Change]:
        old, new = names_of(self._old, owner, ("code",)), names_of(self._new, owner, ("code",))
        yield from (removal("error-code-removed", owner, name) for name in old if name not in new)
        yield from (addition("error-code-added", owner, name, new[name]) for name in new if name not in old)
        for name in sorted(old.keys() & new.keys()):
            yield from rewordings(owner, name, old[name], new[name])
