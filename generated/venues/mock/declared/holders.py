# Edited in templates/venues/mock/declared/holders.py; the copy in generated/ is imported.
"""What the specification says of the places of an answer: which things are there, and what their members mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

Words = tuple[str, ...]
Says = dict[str, Words]
"""A value as text → what it says, in the words of the specification; none for nothing special."""
Path = tuple[str | int, ...]


class Fixed(msgspec.Struct, frozen=True):
    """A member, and the value that makes an object such a thing."""

    wire: str
    text: str


class Member(msgspec.Struct, frozen=True):
    """A member of a thing in an answer."""

    path: Path
    """From the thing inward."""

    phrase: str
    """What it means; `changed` for the time of the last change, `sent` for what repeats a parameter of the same name."""

    kind: str
    """Its type: string, enum, map, …"""

    optional: bool = False
    says: Says = {}
    signed: bool = False
    """Whether the sign of a position's size is its side."""

    negative: bool = False
    """Whether it is counted the other way."""

    flat: bool = False
    """Of a list of levels: whether their members follow one another."""

    level: Path = ()
    """Of a list of levels: where each has its price and its quantity."""

    beside: tuple[Fixed, ...] = ()
    """The values of another member with which it means this: one of them is needed; none where it always does."""

    def is_meant(self, thing: Mapping[str, object]) -> bool:
        """Whether a thing has one of the values with which this member means what it does."""
        return not self.beside or any(str(thing.get(each.wire)) == each.text for each in self.beside)


class Holder(msgspec.Struct, frozen=True):
    """One place of an answer where things of one kind are, and how one is written there."""

    thing: str
    form: Literal["one", "list", "map", "values"]
    path: Path = ()
    """From the top of the body."""

    phrase: str = ""
    """What the members of a map or list are, where they are no objects."""

    example: str = ""
    """One thing of an example, as JSON text."""

    members: tuple[Member, ...] = ()
    only: dict[str, tuple[str, ...]] = {}
    """Member → the markets in which alone it exists."""

    fixed: tuple[Fixed, ...] = ()
    inner: tuple[Holder, ...] = ()
    """Lists of other things in each one, such as an order's fills; their paths begin in it."""

    @property
    def many(self) -> bool:
        """Whether there is a list of them."""
        return self.form == "list"
