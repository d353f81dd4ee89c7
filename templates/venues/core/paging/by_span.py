# Edited in templates/venues/core/paging/by_span.py; the copy in generated/ is imported.
"""Pages by time where it is unknown which of an item's times counts: windows are halved until their pages are whole.

Items are distinguished by their keys alone, so that an item which lies on the border of two windows comes once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from venues.core.paging.items import Item, distinct
from venues.core.paging.marks import PageSizes
from venues.core.paging.recent import Recent, RecentPages
from venues.core.paging.windows import MARGIN
from venues.core.request.paging import Paging
from venues.errors import PagingError

MOST_REPEATS = 8
"""How many windows in a row may hold nothing new: an item on a border comes with two or three windows."""


class SpanPages(RecentPages):
    """The course of one list whose items can't be placed in time; it neither waits nor sends."""

    def __init__(self, paging: Paging, operation: str, start: int, end: int, sizes: PageSizes) -> None:
        super().__init__()
        self._paging = paging
        self._operation = operation
        # Everything is counted in units of the parameters: nothing finer can be asked for.
        self._start, self._end = start // paging.unit, -(-end // paging.unit)
        self._sizes = sizes
        self._low = self._start
        self._longest = max(1, paging.window // paging.unit - MARGIN) if paging.window else self._whole
        self._span = self._longest
        self._repeats = 0
        """How many windows in a row held nothing but items that had come before."""
        self._page = self._here()

    @property
    def total(self) -> int | None:
        """How many items there are: unknown."""
        return None

    @property
    def done(self) -> float:
        """The part of the whole window that has been read, from 0 to 1."""
        return min(1.0, (self._low - self._start) / self._whole)

    @property
    def _whole(self) -> int:
        return self._end + 1 - self._start

    def _here(self) -> dict[str, object]:
        return {"at": self._low, "end": self._end}

    def resume(self, position: Mapping[str, Any]) -> None:
        """Go on behind what a position says."""
        self._low, self._end = position["at"], position["end"]
        self._recent = Recent(dict(position["seen"]))
        self.settle()

    def request(self) -> dict[str, object] | None:
        """Return the arguments of the next request, by wire name; None at the end."""
        if self._low > self._end:
            return None
        assert self._paging.end is not None
        # Begins early, since neither this window nor the one before may hold what lies on their border.
        return {self._paging.start: max(self._start, self._low - 1), self._paging.end: self._high()}

    def read(self, items: Sequence[Item], _: object = None) -> list[Item]:
        """Take a page; return the items that were on none before.

        Raises:
            PagingError: if more items share a time than a page holds.
        """
        items = distinct(items)
        self._sizes.note_page(items)
        if not self._sizes.is_whole(len(items)) and not self._is_shortest():
            # Nothing is taken from a page that may be cut off: which of its items are missing is unknown.
            self._span = max(1, (self._high() - self._low) // 2)
            return []
        if self._sizes.was_cut or (self._is_shortest() and self._sizes.is_full(len(items))):
            if not self._sizes.was_cut and self._sizes.enlarge():
                return []
            raise PagingError(self._operation, "more items share one time than a page holds; a larger page may help")
        self._sizes.doubt(len(items))
        new = self._recent.unknown(items)
        self._repeats = self._repeats + 1 if items and not new else 0
        if self._repeats > MOST_REPEATS:
            raise PagingError(
                self._operation, "the exchange answers with the same items, whatever window it is asked for"
            )
        self._recent.add_page(items)
        self._low = self._high() + (self._high() == self._end)
        # Growing again: a busy hour must not make the rest of the year slow.
        self._span = min(2 * self._span, self._longest)
        return new

    def _high(self) -> int:
        return min(self._low + self._span, self._end)

    def _is_shortest(self) -> bool:
        return self._high() - self._low <= 1
