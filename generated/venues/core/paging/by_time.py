# Edited in templates/venues/core/paging/by_time.py; the copy in generated/ is imported.
"""Pages by time: windows that overlap at their ends, in whatever way the exchange cuts and bounds them.

Documentation often leaves open whether a window's ends are part of it, which of its items come if it holds more than a
page, and how many that are. So nothing is believed: windows begin one unit early and end one unit late, and a page counts
as whole only if larger ones have been seen, or if nothing more was found beyond its edges.
Where an exchange gives the last items of a window, windows are halved until pages are whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from venues.core.paging.items import Item
from venues.core.paging.marks import Mark, PageSizes
from venues.core.request.paging import Paging
from venues.errors import PagingError

OVERLAP = 1
"""Milliseconds added to both ends of a window, for the exchange may not count its ends as part of it."""
BEYOND = 2
"""The last of three looks beyond an edge of a page: one that overlaps, one that begins at the edge, one behind it."""


class TimePages:
    """The course of one list that pages by time; it neither waits nor sends."""

    def __init__(self, paging: Paging, operation: str, start: int, end: int, sizes: PageSizes) -> None:
        self._paging = paging
        self._operation = operation
        # A list that gives the last items of a window is read backwards, on an axis on which they are the first.
        self._sign = -1 if paging.keeps == "last" else 1
        self._start, self._end = (start, end) if self._sign == 1 else (-end, -start)
        self._sizes = sizes
        self._mark = Mark(self._start)
        """Up to where the list was read."""
        self._given = self._mark.copy()
        """Up to where the caller got it."""
        self._gives_first: bool | None = True if paging.keeps else None
        """Whether a page that is cut off holds the first items of its window; None while unknown."""
        self._longest = paging.window - 4 * paging.unit - 1 if paging.window else self._end - self._start + 1
        self._span = self._longest
        self._late = self._end
        """Where the window that was asked for ends; all requests about one page have the same."""
        self._edge: Literal["none", "late", "early"] = "none"
        """Beyond which edge of the page the next request looks."""
        self._look = 0
        self._page: list[Item] = []
        """The page whose edges are looked beyond."""
        self._page_late = self._end
        """Where its window ended."""
        self._size = 0
        """How many items came with it, old ones included."""
        self._earlier_look = 0
        """How many items the look before this one brought."""

    @property
    def total(self) -> int | None:
        """How many items there are: unknown."""
        return None

    @property
    def done(self) -> float:
        """The part of the whole window that has been read, from 0 to 1."""
        whole = self._end - self._start + 1
        return min(1.0, (self._mark.low - self._start) / whole)

    @property
    def position(self) -> dict[str, object]:
        """What resumes the list behind the item that was given last."""
        return {"at": self._sign * self._given.low, "end": self._sign * self._end, "seen": dict(self._given.counts)}

    def resume(self, position: Mapping[str, Any]) -> None:
        """Go on behind what a position says."""
        self._end = self._sign * int(position["end"])
        self._mark = Mark(self._sign * int(position["at"]), dict(position["seen"]))
        self._given = self._mark.copy()

    def give(self, item: Item) -> None:
        """Note that the caller got an item."""
        self._given.pass_item(item)

    def settle(self) -> None:
        """Note that the caller got all that was read."""
        self._given = self._mark.copy()

    def request(self) -> dict[str, object] | None:
        """Return the arguments of the next request, by wire name; None at the end."""
        if self._mark.low > self._end:
            return None
        self._late = self._late_end()
        low, high = self._bounds()
        early, late = (low, high) if self._sign == 1 else (-high, -low)
        unit = self._paging.unit
        assert self._paging.end is not None
        # Rounded outwards, where the parameters are coarser than the times of items.
        return {self._paging.start: max(early // unit, 0), self._paging.end: -(-late // unit)}

    def read(self, items: Sequence[Item], _: object = None) -> list[Item]:
        """Take a page; return the items that are certain to follow those returned before, without a gap.

        Raises:
            PagingError: if more items share a time than a page holds.
        """
        items = [item._replace(at=self._sign * item.at) for item in items]
        if len(items) > 1 and items[0].at > items[-1].at:
            items.reverse()
        self._sizes.note_page(items)
        if self._edge == "late":
            return self._look_late(items)
        return self._look_early(items) if self._edge == "early" else self._read_window(items)

    def _bounds(self) -> tuple[int, int]:
        """Return between which times to ask; what lies exactly there may come or not."""
        low, step = self._mark.low - OVERLAP, (-OVERLAP, 0, self._paging.unit)[self._look]
        if self._edge == "late":
            return self._page[-1].at + step, self._late
        return low, self._page[0].at - step if self._edge == "early" else self._late

    def _late_end(self) -> int:
        """Return where the window ends: a whole unit, so that nothing before is cut off by rounding."""
        unit = self._paging.unit
        end = min(self._mark.low + max(self._span, unit), self._end + unit)
        return -(-end // unit) * unit

    def _inside(self, items: Sequence[Item]) -> list[Item]:
        """Return the items that lie in the window, old and new, in order of time."""
        low = self._mark.low - self._paging.unit
        return sorted((item for item in items if low <= item.at <= self._late), key=lambda item: item.at)

    def _ahead(self, items: Sequence[Item]) -> list[Item]:
        """Return the items of the window that were not taken yet."""
        late = min(self._late, self._end)
        return [item for item in self._mark.beyond(items) if item.at <= late]

    def _read_window(self, items: Sequence[Item]) -> list[Item]:
        size, ahead = len(items), self._ahead(items)
        if self._sizes.is_whole(size):
            return self._close_window(ahead)
        self._page, self._page_late, self._size = self._inside(items), self._late, size
        if not any(self._mark.low - 2 * self._paging.unit <= item.at <= self._late for item in items):
            raise PagingError(self._operation, "the exchange answers with items outside of the window it was asked for")
        if self._gives_first is False or not self._page:
            return self._halve_window()
        self._edge, self._look = "late", 0
        return self._pass(ahead) if self._gives_first else []

    def _look_late(self, items: Sequence[Item]) -> list[Item]:
        """Look beyond the late edge of a page: what comes proves that the page held the first items of its window."""
        size = len(items)
        news = self._news(items)
        if news:
            return self._step(items, news)
        if self._look < BEYOND and not self._sizes.is_whole(size) and (size or self._look == 0):
            return self._look_again(size)
        # Nothing lies behind the last time. Whether all items of that time came, a page that was full does not say.
        last = self._page[-1].at
        is_sure = self._look == 0 or (self._look < BEYOND and any(item.at <= last for item in items))
        if not is_sure and self._sizes.is_full(self._earlier_look):
            return self._ask_for_more()
        return self._leave_late_edge()

    def _news(self, items: Sequence[Item]) -> list[Item]:
        """Return what lies behind the last item of the page."""
        behind = self._mark.copy()
        for item in self._ahead(self._page):
            behind.pass_item(item)
        return [item for item in behind.beyond(items) if item.at <= min(self._late, self._end)]

    def _leave_late_edge(self) -> list[Item]:
        if self._gives_first:
            return self._close_window([])
        self._edge, self._look = "early", 0
        return []

    def _look_again(self, size: int) -> list[Item]:
        self._look += 1
        self._earlier_look = size
        low, high = self._bounds()
        if low < high:
            return []
        if self._edge == "early":
            return self._close_window(self._ahead(self._page))
        # At look 1, the last item lies at the end of the window, and the next window begins with it.
        return self._ask_for_more() if self._look == BEYOND and self._sizes.is_full(size) else self._leave_late_edge()

    def _step(self, items: Sequence[Item], news: Sequence[Item]) -> list[Item]:
        """Go on from the last item of a page that held the first items of its window."""
        last = self._page[-1].at
        if news[0].at < self._page_late:
            self._sizes.note_cut(self._size)
        # If the look that overlapped brought nothing new, but a later one did, then items of the last time may be missing.
        if self._look == BEYOND or (self._look and not any(item.at <= last for item in items)):
            return self._ask_for_more()
        taken = [] if self._gives_first else self._pass(self._ahead(self._page))
        self._gives_first = True
        return taken + self._read_window(items)

    def _look_early(self, items: Sequence[Item]) -> list[Item]:
        """Look beyond the early edge of a page: what comes proves that the page held the last items of its window."""
        size = len(items)
        if self._has_earlier(items):
            self._sizes.note_cut(self._size)
            return self._halve_window()
        if self._sizes.is_full(size):
            return self._halve_window()
        if self._look < BEYOND and size and not self._sizes.is_whole(size):
            return self._look_again(size)
        return self._close_window(self._ahead(self._page))

    def _has_earlier(self, items: Sequence[Item]) -> bool:
        """Whether something lies before the first item of the page that was not taken yet."""
        first = self._page[0].at
        if any(item.at < first for item in self._ahead(items)):
            return True
        held = Mark(first)
        for item in self._page:
            if item.at == first:
                held.pass_item(item)
        if first == self._mark.low:
            held.counts = {key: max(n, self._mark.counts.get(key, 0)) for key, n in held.counts.items()}
        return any(item.at == first for item in held.beyond(items))

    def _halve_window(self) -> list[Item]:
        """Ask for less time: the page may lack the first items of its window."""
        self._gives_first, self._edge = False, "none"
        self._span = max(self._paging.unit, (self._late - self._mark.low) // 2)
        if self._late_end() < self._late:
            return []
        if self._sizes.is_full(self._size):
            return self._ask_for_more()
        return self._close_window(self._ahead(self._page))

    def _close_window(self, ahead: Sequence[Item]) -> list[Item]:
        """Go on behind a window of which nothing is missing."""
        taken = self._pass(ahead)
        self._mark.advance(self._late)
        self._edge, self._look, self._page = "none", 0, []
        self._span = min(2 * self._span, self._longest)
        return taken

    def _pass(self, items: Sequence[Item]) -> list[Item]:
        for item in items:
            self._mark.pass_item(item)
        return list(items)

    def _ask_for_more(self) -> list[Item]:
        """Ask for larger pages, since a full one has a single time."""
        self._edge, self._look = "none", 0
        if self._sizes.enlarge():
            return []
        raise PagingError(self._operation, "more items share one time than a page holds; a larger page may help")
