# Edited in templates/venues/core/paging/by_place.py; the copy in generated/ is imported.
"""Pages by id, cursor or number: each answer, or its last item, says where the next one begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from venues.core.paging.items import Item, distinct, number_of
from venues.core.paging.marks import PageSizes
from venues.core.paging.recent import Recent, RecentPages
from venues.core.paging.windows import Windows
from venues.core.request.paging import Paging
from venues.errors import PagingError

Place = str | int | None
# Exchanges write the absent cursor in different ways; None arrives as text.
NOWHERE = ("None", "", "0")
"""What exchanges write for a next page that does not exist."""


class PlacePages(RecentPages):
    """The course of one list that pages by id, cursor or number; it neither waits nor sends."""

    def __init__(self, paging: Paging, operation: str, sizes: PageSizes, windows: Windows, start: Place) -> None:
        super().__init__()
        self._paging = paging
        self._operation = operation
        self._sizes = sizes
        self._windows = windows
        self._first = start if start is not None else paging.begin
        self._place: Place = self._first
        self._visited: set[Place] = {self._first}
        self._last_page: list[str] = []
        self._only_page: list[str] = []
        """The keys of the first page, until another one follows."""
        self._was_short = False
        """Whether the first page held fewer items than were asked for, and so was asked for again."""
        self._is_checking = False
        """Whether half of the first page was asked for, to see which half comes."""
        self._received = 0
        self._total: int | None = None
        self._is_over = False
        self._page = self._here()

    @property
    def total(self) -> int | None:
        """How many items there are, where the exchange says so."""
        return self._total if self._windows.is_single else None

    @property
    def done(self) -> float | None:
        """The part of the list that has been read, from 0 to 1; None if unknown."""
        if not self._windows.is_single:
            return self._windows.done
        return min(1.0, self._received / self._total) if self._total else None

    def _here(self) -> dict[str, object]:
        window = self._windows.position
        return {"at": self._place, "window": window, "received": self._received, "over": self._is_over}

    def resume(self, position: Mapping[str, Any]) -> None:
        """Go on behind what a position says."""
        self._place = position["at"]
        self._windows.resume(position["window"])
        self._recent = Recent(dict(position["seen"]))
        self._received = position["received"]
        self._is_over = position["over"]
        self.settle()

    def request(self) -> dict[str, object] | None:
        """Return the arguments of the next request, by wire name; None at the end."""
        if self._is_over:
            return None
        place = {} if self._place is None else {self._paging.start: self._place}
        return {**self._windows.arguments(), **place}

    def read(self, items: Sequence[Item], answer: object) -> list[Item]:
        """Take a page; return the items that were on none before.

        Raises:
            PagingError: if it is unknown where the next page begins.
        """
        items = self._in_order(distinct(items))
        if self._paging.by == "page" and self._is_offset_unknown(items):
            self._begin_again()
            return []
        self._sizes.note_page(items)
        unknown = self._recent.unknown(items)
        self._note_total(answer)
        self._recent.add_page(items)
        self._received += len(unknown)
        new = [item for item in unknown if self._windows.holds(item)]
        if self._paging.by == "page":
            self._turn_page(items, answer)
        elif self._paging.by == "cursor":
            self._follow_cursor(unknown, answer)
        else:
            self._follow_id(items, unknown, answer)
        self._last_page = [item.key for item in items]
        return new

    def _in_order(self, items: list[Item]) -> list[Item]:
        """Order items by their ids, where these run in one direction and are numbers."""
        if self._paging.goes is None or not all(item.id.isdecimal() for item in items):
            return items
        return sorted(items, key=lambda item: int(item.id), reverse=self._paging.goes == "down")

    def _note_total(self, answer: object) -> None:
        if self._paging.total is not None:
            total = getattr(answer, self._paging.total, None)
            self._total = None if total is None else number_of(str(total))

    def _is_offset_unknown(self, items: Sequence[Item]) -> bool:
        """Whether items may lie between two pages: the earlier one was short, so where does the later one begin?"""
        size, asked = len(self._last_page), self._sizes.asked
        is_other = bool(items) and [item.key for item in items] != self._last_page
        return is_other and asked is not None and 0 < size < asked and self._sizes.can_shrink and not self._was_short

    def _begin_again(self) -> None:
        """Ask for no more than comes, from the first page on; what came before is known, and does not come again."""
        self._sizes.asked = len(self._last_page)
        self._was_short, self._place, self._last_page = True, self._first, []

    def _turn_page(self, items: Sequence[Item], answer: object) -> None:
        """Go on to the next number; a short page proves no end, for the exchange may give fewer than were asked for."""
        is_repeated = [item.key for item in items] == self._last_page
        if is_repeated and items and (self._sizes.is_full(len(items)) or self._received < (self._total or 0)):
            raise PagingError(self._operation, f"page {self._place} is the one before it again")
        # A total that is no more than this page may be a count of this page.
        is_counted = self._total is not None and self._received >= self._total > len(items)
        if not items or is_repeated or is_counted:
            self._leave_window()
        else:
            self._place = self._number_of(answer) + 1

    def _number_of(self, answer: object) -> int:
        """Return the number of the page that was read: the exchange says it where the first page was asked for without."""
        if self._place is not None:
            return int(str(self._place))
        number = getattr(answer, self._paging.number, None) if self._paging.number else None
        if number is None:
            raise PagingError(self._operation, "the answer does not say which page it is")
        return int(str(number))

    def _follow_cursor(self, unknown: Sequence[Item], answer: object) -> None:
        cursor = str(self._next_of(answer))
        # Pages in a circle would go on forever.
        if cursor in self._visited and unknown:
            raise PagingError(self._operation, "the exchange names a page as the next one that came before")
        if cursor in NOWHERE or cursor in self._visited:
            self._leave_window()
        else:
            self._visited.add(cursor)
            self._place = cursor

    def _follow_id(self, items: Sequence[Item], unknown: Sequence[Item], answer: object) -> None:
        if self._is_checking:
            self._check_half(items)
        elif items and not unknown and self._sizes.is_full(len(items)):
            # The page begins with the item that the last one ended with, and there is room for no other.
            if not self._sizes.enlarge():
                raise PagingError(self._operation, "a page holds no item that is new; a larger page may help")
        elif not unknown and len(self._only_page) > 1 and self._sizes.can_shrink:
            # Upwards, an exchange may give the last items instead of the first, as if no id had been given.
            self._is_checking, self._place = True, self._first
            self._sizes.asked = len(self._only_page) // 2
        elif not unknown:
            self._leave_window()
        else:
            is_first = self._place == self._first and self._paging.goes == "up"
            self._only_page = [item.key for item in items] if is_first else []
            self._place = self._next_id(items, answer)

    def _check_half(self, items: Sequence[Item]) -> None:
        """End a list of one page, if half a page begins where that page began."""
        if not items or items[0].key != self._only_page[0]:
            raise PagingError(self._operation, "the exchange gives the latest items, and not those from an id on")
        self._leave_window()

    def _next_id(self, items: Sequence[Item], answer: object) -> Place:
        """Return the id with which the next page is asked for."""
        named = str(self._next_of(answer))
        place = items[-1].id if named in NOWHERE else named
        if place in ("", str(self._place)):
            raise PagingError(self._operation, "it is unknown with which id the next page begins")
        return int(place) if isinstance(self._first, int) and place.isdecimal() else place

    def _next_of(self, answer: object) -> str | int | None:
        return getattr(answer, self._paging.next, None) if self._paging.next else None

    def _leave_window(self) -> None:
        self._place, self._visited, self._last_page = self._first, {self._first}, []
        self._is_over = not self._windows.advance()
