# Edited in templates/venues/core/paging/windows.py; the copy in generated/ is imported.
"""Divides a span of time into windows that an exchange accepts, for lists whose pages lie within such a window."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from venues.core.paging.items import Item
from venues.core.request.paging import Paging

MARGIN = 4
"""Units of time by which windows are shorter than allowed: they overlap, and are rounded outwards."""


class Windows:
    """The windows of one list, one after the other; a single one is asked for in the caller's own words."""

    def __init__(self, paging: Paging, start: int | None, end: int | None, now: int) -> None:
        self._paging = paging
        self._start, self._end = start or 0, end if end is not None else now
        self._width = paging.window - MARGIN * paging.unit - 1
        self.is_single: bool = not paging.window or start is None or self._end - self._start <= self._width
        """Whether one window holds all."""
        self._index = 0

    @property
    def done(self) -> float:
        """The part of the windows that lies behind, from 0 to 1."""
        return self._index / self._count

    @property
    def position(self) -> dict[str, object] | None:
        """What finds the window again."""
        return None if self.is_single else {"start": self._start, "end": self._end, "index": self._index}

    def resume(self, position: Mapping[str, Any] | None) -> None:
        """Go on in the window of a position."""
        self.is_single = position is None
        if position is not None:
            self._start, self._end, self._index = position["start"], position["end"], position["index"]

    def advance(self) -> bool:
        """Go on to the next window; return whether there is one."""
        self._index += 1
        return not self.is_single and self._index < self._count

    def arguments(self) -> dict[str, object]:
        """Return the parameters of the window, by wire name."""
        if self.is_single or self._paging.within is None:
            return {}
        low, high = self._bounds()
        unit, (start, end) = self._paging.unit, self._paging.within
        # What lies exactly on the border of two windows must come with one of them, whether ends are included or not.
        if self._paging.time or low > self._start:
            low -= 1
        return {start: low // unit, end: -(-high // unit)}

    def holds(self, item: Item) -> bool:
        """Whether an item belongs to the window; windows overlap when they are asked for."""
        low, high = self._bounds()
        return self.is_single or not item.at or low <= item.at < high

    @property
    def _count(self) -> int:
        return -(-(self._end + 1 - self._start) // self._width)

    def _bounds(self) -> tuple[int, int]:
        """Return where the window begins, and where the next one does."""
        # Lists that run towards smaller ids are read from the latest window on, so that all of it is in one order.
        if self._paging.goes == "down":
            high = self._end + 1 - self._index * self._width
            return max(self._start, high - self._width), high
        low = self._start + self._index * self._width
        return low, min(self._end + 1, low + self._width)
