"""Lists in which what a call made is recognized by symbol, side and the like, where it has no client order id."""

from __future__ import annotations

from msgspec import Struct as Record

from generator.model.types import Type


class Likeness(Record, frozen=True):
    """One such list, and what makes an item of it like the thing that was asked for."""

    operation: str
    params: tuple[tuple[str, str], ...]
    """Its parameters and what fills them: a parameter of the lost call, or `$sent`."""

    id: str
    """The member (Python name) that identifies an item, which may stand in several lists."""

    made: tuple[str, ...]
    """The members that may say when it came to be."""

    agrees: tuple[tuple[str, str], ...]
    """Parameters of the lost call (wire), and the members that must say the same."""

    only: tuple[tuple[str, tuple[str, ...]], ...]
    """Members and the values that make an item such a thing; others are something else, such as an automatic loan."""

    found: Type
    """The type of an item."""
