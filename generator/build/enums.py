"""Builds enums: the values that an exchange knows, and what they say."""

from __future__ import annotations

from typing import Literal

from generator.build import only
from generator.build.meaning import words
from generator.model.types import Enum, Member
from generator.source import reading as read
from generator.source.load import Map
from generator.source.reading import Notes


def enum(name: str, at: Map, notes: Notes) -> Enum:
    """Build one enum."""
    base = _base(at)
    members = tuple(_member(f"enums.{name}", base, m, notes) for m in read.maps(at, "members"))
    for key in ("name", "value"):
        notes.check_unique(read.maps(at, "members"), key, f"enums.{name}")
    return Enum(name, read.text(at, "doc"), base, members, read.quirks(at))


def _member(where: str, base: str, at: Map, notes: Notes) -> Member:
    value = at["value"]
    assert isinstance(value, (str, int))
    # YAML reads an unquoted 1 as a number; on the wire "1" and 1 are different values.
    if isinstance(value, int) != (base == "integer"):
        fix = (
            "quote it, or set `base: integer`"
            if base == "string"
            else "the enum has `base: integer`, so remove the quotes"
        )
        notes.add(at, "value", f"{where}.{at['name']}", f"the value {value!r} is not of type {base}; {fix}")
    cases = read.mapping(at, "only")
    return Member(
        str(at["name"]),
        value,
        only.doc_of(at),
        words(at, "means") if "means" in at else None,
        {wire: read.scalars(cases, wire) for wire in cases},
        is_deprecated="deprecated" in at,
    )


def _base(enum: Map) -> Literal["string", "integer"]:
    return "integer" if enum.get("base") == "integer" else "string"
