# Edited in templates/venues/core/request/likeness.py; the copy in generated/ is imported.
"""Lists in which what a call made is found by what it says, as data of its operation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Likeness:
    """One such list. Parameters are named as on the wire, members of answers as in Python."""

    operation: str
    """Group and name."""
    params: tuple[tuple[str, str], ...]
    """Its parameters and what fills them: a parameter of the lost call; `$sent` is the time of the lost call."""
    id: str
    """The member that identifies an item, which may stand in several lists."""
    made: tuple[str, ...]
    """The members that may say when an item came to be, in milliseconds."""
    agrees: tuple[tuple[str, str], ...]
    """Parameters of the lost call, and the members of an item that must say the same."""
    only: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Members, and the values without which an item is something else, such as an automatic loan."""
