"""The members of requests and answers by their paths: which ones two readings share, and under which names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from generator.drift.compare.renames import renamed
from generator.drift.facts.facts import SECTION, Fact, Facts

Names = dict[str, Fact]


def names_of(facts: Facts, owner: str, kinds: tuple[str, ...]) -> Names:
    """Return the facts of some kinds by their names."""
    return {key[2]: fact for kind in kinds for key, fact in facts.of(kind, owner)}


def owners_of_members(facts: Facts) -> set[str]:
    """Return the sections that have members."""
    kinds = ("param", "field", "sample", "weight")
    return {owner for owner, kind, _ in facts.facts if kind in kinds and owner.startswith(SECTION)}


def fields_of(facts: Facts, owner: str, others: Facts, other: str) -> Names:
    """Return the fields of a response, without those of samples that a table of the other side lists.

    A sample's member counts only while no table lists it; otherwise each new or deleted row would be reported twice.
    """
    listed = {_leaf(name) for name in names_of(others, other, ("field",))}
    kept = names_of(others, other, ("sample",))
    samples = names_of(facts, owner, ("sample",)).items()
    return names_of(facts, owner, ("field",)) | {n: f for n, f in samples if n in kept or _leaf(n) not in listed}


def same_members(old: Names, new: Names) -> dict[str, str]:
    """Return old → new name of what both sides have; members follow a renamed parent."""
    names = {name: name for name in old if name in new}
    gone = {n: f for n, f in old.items() if n not in names}
    come = {n: f for n, f in new.items() if n not in names}
    # A list that became an object, or was only called one: one change of its type, none of its members.
    bare = {bare_path(name): name for name in come}
    found = {name: bare[bare_path(name)] for name in gone if bare_path(name) in bare}
    taken = set(found.values())
    found |= renamed(
        {name: fact for name, fact in gone.items() if name not in found},
        {name: fact for name, fact in come.items() if name not in taken},
    )
    for name in gone:
        parent = next((above for above in _above(name) if above in found), None)
        moved_name = found[parent] + name[len(parent) :] if parent else ""
        if moved_name in come and name not in found:
            found[name] = moved_name
    return names | found


def is_inherited(before: str, after: str, names: Mapping[str, str]) -> bool:
    """Whether a name changed only because its parent was renamed."""
    above = ((old, names[old]) for old in _above(before) if old in names)
    return any(old != new and after == new + before[len(old) :] for old, new in above)


def is_below(name: str, others: Collection[str]) -> bool:
    """Whether the parent of a member was added or removed with it."""
    return any(above in others for above in _above(name))


def bare_path(path: str) -> str:
    """Return a path without the marks of lists."""
    return path.replace("[]", "")


def _above(path: str) -> Iterator[str]:
    """Yield what a member lies in, the nearest last: `a` and `a.b[]`, also as `a.b`, of `a.b[].c`."""
    for at, letter in enumerate(path):
        if letter == ".":
            above = path[:at]
            yield from dict.fromkeys((above, above.removesuffix("[]")))


def _leaf(path: str) -> str:
    return path.rsplit(".", 1)[-1].removesuffix("[]")
