"""The ends of parameters, members and values: announced, postponed or called off, and those that the spec lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.drift.compare.changes import Change
from generator.drift.compare.differences import change_of
from generator.drift.compare.spec_facts import SpecFacts, owner_of
from generator.drift.facts.endings import KIND, key_of_end
from generator.drift.facts.facts import Fact, Facts
from generator.model.operations import Operation
from generator.model.types import Enum

KINDS = {"param": "param", "response-field": "field", "enum-value": "value"}
"""What changes are called → what facts are."""


def ending_changes(
    what: str, owners: tuple[str, str], names: Mapping[str, str], old: Facts, new: Facts
) -> Iterator[Change]:
    """Yield the changes of ends between two readings.

    Args:
        what: param, response-field or enum-value.
        owners: The owner in the last reading, and in this one.
        names: Old name → new name of what both readings have.
        old: The last reading.
        new: This one.
    """
    kind = KINDS[what]
    for before, after in names.items():
        was = old.facts.get(key_of_end(owners[0], kind, before))
        now = new.facts.get(key_of_end(owners[1], kind, after))
        if (was and was.value) == (now and now.value):
            continue
        # Readings of earlier versions have no ends; where the words are the same, nothing was announced.
        if was is None and _words(old, owners[0], kind, before) == _words(new, owners[1], kind, after):
            continue
        old_end, new_end = was.value if was else "", now.value if now else ""
        yield change_of(f"{what}-deprecated", owners[1], after, old_end, new_end, now or Fact())


def _words(facts: Facts, owner: str, kind: str, name: str) -> str:
    """Return the hash of what says that something ends: for a value, also the words of its parameter or member."""
    path = name.partition("=")[0]
    keys = ((owner, kind, name), *((owner, above, path) for above in ("param", "field") if kind == "value"))
    return " ".join(facts.facts[key].wording for key in keys if key in facts.facts)


def member_ends(spec: SpecFacts, docs: Facts, owner: str, operation: Operation) -> Iterator[Change]:
    """Yield the ends of parameters and members that an operation of the spec does not have."""
    ours = spec.ended(operation)
    known = {("param", path) for path, *_ in spec.params(operation)}
    known |= {("field", _leaf(path)) for path, *_ in spec.fields(operation)}
    for key, fact in docs.of(KIND, owner):
        kind, _, name = key[2].partition(" ")
        shown = _leaf(name) if kind == "field" else name
        # What the spec does not have at all is reported as missing.
        if (kind, shown) in known - ours:
            id = "param-deprecated" if kind == "param" else "response-field-deprecated"
            yield change_of(id, owner_of(operation), shown, "", fact.value, fact)


def value_ends(docs: Facts, owner: str, enum: Enum) -> Iterator[Change]:
    """Yield the ends of values that an enum of the spec does not have; `owner` lists them on a page."""
    for key, fact in docs.of(KIND, owner):
        yield from value_end(enum, key[2].removeprefix("value "), fact)


def value_end(enum: Enum, value: str, fact: Fact) -> Iterator[Change]:
    """Yield that a value ends, if an enum of the spec has the value and not its end."""
    if any(str(member.value) == value and not member.is_deprecated for member in enum.members):
        yield change_of("enum-value-deprecated", f"enum {enum.name}", value, "", fact.value, fact)


def _leaf(path: str) -> str:
    return path.rsplit(".", 1)[-1].removesuffix("[]")
