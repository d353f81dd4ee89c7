# Edited in templates/venues/core/request/paging.py; the copy in generated/ is imported.
"""How the pages of a list are asked for, as data of its operation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Paging:
    """How one operation pages. Parameters are named as on the wire, members of answers as in Python."""

    by: Literal["time", "id", "cursor", "page"]
    start: str
    """The parameter that moves from page to page: a start time, an id, a cursor, or the number of a page."""
    end: str | None = None
    """By time: the parameter for the end of the window."""
    items: tuple[str, ...] = ()
    """The members of the answer that may hold the list; none where the answer is the list."""
    key: tuple[str, ...] = ()
    """The members that identify an item; none where only the whole item does."""
    time: str | None = None
    """The member that holds the time by which items are found; None if it is unknown which one does."""
    time_ms: int = 1
    """Milliseconds in the unit of that member."""
    unit: int = 1
    """Milliseconds in the unit of the parameters for times."""
    keeps: Literal["first", "last"] | None = None
    """By time: which end of a window comes if it holds more than a page; None if unknown."""
    goes: Literal["up", "down"] | None = None
    """By id: in which direction the ids of later pages lie; None if unknown."""
    next: str | None = None
    """The member of the answer that holds the id or cursor of the next page."""
    number: str | None = None
    """By page: the member of the answer that holds the number of the page, where the first one is not known."""
    total: str | None = None
    """The member of the answer that counts the items of all pages."""
    limit: str | None = None
    """The parameter for the size of a page."""
    size: int | None = None
    """The size that is asked for where the caller names none; None leaves it to the exchange."""
    most: int | None = None
    """The largest size that may be asked for; None if unknown."""
    within: tuple[str, str] | None = None
    """The parameters for the start and end of a time window that limits all pages alike."""
    window: int = 0
    """The longest window, in milliseconds; 0 for any."""
    begin: str | int | None = None
    """What asks for the first page; None where that needs nothing."""

    @property
    def times(self) -> tuple[str, str] | None:
        """The parameters for the start and end of a window."""
        return (self.start, self.end) if self.by == "time" and self.end else self.within
