"""How the pages of a list are asked for."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct as Record

from generator.model.types import Param, Type

By = Literal["time", "id", "cursor", "page"]
PAGES = frozenset(("limit", "size", "count", "length", "pagesize", "page", "pageindex", "pagenum", "pageno", "cursor"))
"""Names of parameters, in lower case, by which a list shows that it comes in pages."""


class Paging(Record, frozen=True):
    """How one operation pages; parameters by wire name, members of answers by Python name."""

    by: By
    start: str
    """What moves from page to page: a start time, an id, a cursor, the number of a page."""

    end: str | None
    """By time: the end of the window."""

    item: Type
    """What the list holds."""

    items: tuple[str, ...]
    """The members that may hold the list, where the answer itself is none."""

    key: tuple[str, ...]
    """What identifies an item; nothing where only the whole item does."""

    time: str | None
    """The member that holds the time by which items are found, where it is known which one does."""

    time_ms: int
    """Milliseconds in its unit."""

    unit: int
    """Milliseconds in the unit of the parameters for times."""

    keeps: Literal["first", "last"] | None
    goes: Literal["up", "down"] | None
    number: str | None
    """By page: the member that holds the number of the page, where that of the first is not known."""

    next: str | None
    total: str | None
    limit: str | None
    size: int | None
    most: int | None
    within: tuple[str, str] | None
    window_ms: int
    begin: str | int | None
    without: tuple[str, ...]
    """Parameters that its `iter_` method does not take."""

    incomplete: str | None
    """What the list does not hold, in a sentence."""

    def is_driven(self, param: Param) -> bool:
        """Whether the pager sets a parameter, and the caller has no say in it."""
        if param.wire in self.without:
            return True
        # By time and upwards by id, the caller chooses where the list begins.
        return param.wire == self.start and (self.by in ("cursor", "page") or self.goes != "up") and self.by != "time"

    def is_required(self, param: Param) -> bool:
        """Whether a caller must give a parameter: by time, a list begins somewhere."""
        if param.wire == self.start:
            # Upwards from no id, exchanges give the latest items, and not the first.
            # Without a start, exchanges return a default window, often of a week, which looks like the whole list.
            return self.by == "time" or (self.begin is None and (param.required or self.goes == "up"))
        return param.required and param.wire not in (self.end, self.limit)
