# Edited in templates/venues/core/paging/recent.py; the copy in generated/ is imported.
"""The latest items, which show what of a page is new: pages overlap where new items push old ones on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from venues.core.paging.items import Item

REMEMBERED = 2_000
"""How many items are remembered at least: so many new ones may come between two pages."""


class Recent:
    """The keys of the latest items, and how often each was met."""

    def __init__(self, counts: dict[str, int] | None = None) -> None:
        self.counts: dict[str, int] = counts or {}

    def copy(self) -> Recent:
        """Return the same items."""
        return Recent(dict(self.counts))

    def unknown(self, items: Sequence[Item]) -> list[Item]:
        """Return the items of a page that did not come before; alike items of one page are several."""
        found, met = [], dict[str, int]()
        for item in items:
            met[item.key] = met.get(item.key, 0) + 1
            if met[item.key] > self.counts.get(item.key, 0):
                found.append(item)
        return found

    def pass_item(self, item: Item) -> None:
        """Remember an item that was given out."""
        self.counts[item.key] = self.counts.pop(item.key, 0) + 1

    def add_page(self, items: Sequence[Item]) -> None:
        """Remember a page, and forget what came long before it."""
        met = dict[str, int]()
        for item in items:
            met[item.key] = met.get(item.key, 0) + 1
        for key, count in met.items():
            self.counts[key] = max(count, self.counts.pop(key, 0))  # the latest stand last
        surplus = len(self.counts) - max(REMEMBERED, 2 * len(met))
        for key in list(self.counts)[: max(surplus, 0)]:
            del self.counts[key]


class RecentPages(ABC):
    """What the latest items show of a list: what was read of it, and what of that the caller got."""

    def __init__(self) -> None:
        self._recent = Recent()
        """What was read lately."""
        self._given = Recent()
        """What the caller got lately."""
        self._page: dict[str, object] = {}
        """The page or window that the caller's items are from."""

    @abstractmethod
    def _here(self) -> dict[str, object]:
        """Return what finds the present page or window again."""

    @property
    def position(self) -> dict[str, object]:
        """What resumes the list behind the item that was given last."""
        return {**self._page, "seen": dict(self._given.counts)}

    def give(self, item: Item) -> None:
        """Note that the caller got an item."""
        self._given.pass_item(item)

    def settle(self) -> None:
        """Note that the caller got all that was read."""
        self._given, self._page = self._recent.copy(), self._here()
