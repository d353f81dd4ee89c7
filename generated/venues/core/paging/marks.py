# Edited in templates/venues/core/paging/marks.py; the copy in generated/ is imported.
"""How far a list has been read along the axis of time, and what pages say of the size of pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from venues.core.paging.items import Item, distinct

LEAST = 2
"""A page of fewer items is assumed to be whole where more were asked for: no exchange caps pages at one item."""
LIKELY_CAP = 10
"""Two different pages of so many items, and none larger, are a cap; smaller ones are alike by chance."""


class Mark:
    """A place in a list: everything before `low` lies behind it, and of the items at `low` those that it counts."""

    def __init__(self, low: int, counts: dict[str, int] | None = None) -> None:
        self.low: int = low
        self.counts: dict[str, int] = counts or {}
        """Key → how many such items lie behind, all of them at `low`."""

    def copy(self) -> Mark:
        """Return the same place."""
        return Mark(self.low, dict(self.counts))

    def advance(self, low: int) -> None:
        """Move on; what was counted at an earlier time need not be known any longer."""
        if low > self.low:
            self.low, self.counts = low, {}

    def pass_item(self, item: Item) -> None:
        """Move behind an item."""
        self.advance(item.at)
        self.counts[item.key] = self.counts.get(item.key, 0) + 1

    def beyond(self, items: Iterable[Item]) -> list[Item]:
        """Return the items that lie ahead, in order of time; alike items of one page are several."""
        ahead, met = [], dict[str, int]()
        for item in distinct(items):
            met[item.key] = met.get(item.key, 0) + 1
            if item.at > self.low or (item.at == self.low and self._is_new(item, met[item.key])):
                ahead.append(item)
        return sorted(ahead, key=lambda item: item.at)

    def _is_new(self, item: Item, occurrence: int) -> bool:
        known = self.counts.get(item.key, 0)
        return not known if item.id else occurrence > known


class PageSizes:
    """What is known of how many items a page holds: the exchange may give fewer than were asked for, and not say so."""

    def __init__(self, asked: int | None, most: int | None, adjustable: bool) -> None:
        self.asked = asked
        self._most = most
        self._adjustable = adjustable
        self._largest = 0
        self._cap: int | None = None
        """The size of a page that was cut off."""
        self._largest_page: tuple[str, str] | None = None
        """The first and the last key of the largest page."""
        self._doubtful = 0
        """The size of the largest page that was taken though nothing proved that it was whole."""

    @property
    def can_shrink(self) -> bool:
        """Whether the size of pages can be chosen."""
        return self._adjustable

    @property
    def position(self) -> list[int | None]:
        """What was learned, for a position: how many are asked for, the largest page, the cap, and the doubtful page."""
        return [self.asked, self._largest, self._cap, self._doubtful]

    def resume(self, position: Sequence[int | None]) -> None:
        """Know again what was learned."""
        self.asked, largest, self._cap, doubtful = position
        self._largest, self._doubtful = largest or 0, doubtful or 0

    def note_page(self, items: Sequence[Item]) -> None:
        """Learn from a page."""
        size = len(items)
        # A larger page refutes what smaller ones seemed to show.
        if self._cap is not None and size > self._cap:
            self._cap = None
        if size < max(self._largest, 1):
            return
        ends = (items[0].key, items[-1].key)
        # Two different pages of the same size, and none that is larger: then it is the size that pages have at most.
        known = self._largest_page
        if size == self._largest >= LIKELY_CAP and known is not None and ends not in (known, known[::-1]):
            self._cap = size
        self._largest, self._largest_page = size, ends

    def note_cut(self, size: int) -> None:
        """Learn from a page that was cut off: its window held more."""
        self._cap = size if self._cap is None else min(self._cap, size)

    def doubt(self, size: int) -> None:
        """Note a page of a window that can't be made smaller: it was taken, and may turn out to have been cut off."""
        if not self.is_whole(size):
            self._doubtful = max(self._doubtful, size)

    @property
    def was_cut(self) -> bool:
        """Whether a page that was taken in doubt was as large as pages can be, as later ones have shown."""
        return bool(self._doubtful) and self._cap is not None and self._cap <= self._doubtful

    def is_whole(self, size: int) -> bool:
        """Whether a page certainly holds all that there was: larger ones have been seen."""
        if size < LEAST and self.asked != size:
            return True
        return size < (self._largest if self._cap is None else self._cap)

    def is_full(self, size: int) -> bool:
        """Whether a page holds as many items as pages can hold."""
        return (self.asked is not None and size >= self.asked) or (self._cap is not None and size >= self._cap)

    def enlarge(self) -> bool:
        """Ask for larger pages; return whether that may bring more."""
        asked, wanted = self.asked, self._most or 2 * max(self.asked or 0, self._largest)
        if not self._adjustable or (asked is not None and (wanted <= asked or self._largest < asked)):
            return False  # no more may be asked for, or fewer came than were asked for
        self.asked, self._cap = wanted, None
        return True
