# Edited in templates/venues/mock/declared/listing.py; the copy in generated/ is imported.
"""What the specification says of the answers that list instruments."""

from __future__ import annotations

import msgspec


class ListedMember(msgspec.Struct, frozen=True):
    """A member of a listed instrument."""

    phrase: str
    """Such as `step price`; `market` before it where it is for market orders only."""

    path: tuple[str, ...]
    """From the instrument inward; a list on the way stands for all its objects."""

    beside: dict[str, tuple[str, ...]] = {}
    """Members of the same object, and the values with which it means this."""

    digits: bool = False
    """Whether a step is written as a number of digits."""


class Listing(msgspec.Struct, frozen=True):
    """A list of instruments in an answer."""

    path: tuple[str, ...]
    """From the top of the body."""

    members: tuple[ListedMember, ...]
