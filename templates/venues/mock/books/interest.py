# Edited in templates/venues/mock/books/interest.py; the copy in generated/ is imported.
"""Charges interest on what the account has borrowed, period by period."""

from __future__ import annotations

from decimal import Decimal

from venues.mock.books.positions import rounded
from venues.mock.books.purse import Key, Purse
from venues.mock.declared.things import Interest

DAY = 86_400_000


class Interests:
    """The interest of one account."""

    def __init__(self, purse: Purse, terms: Interest) -> None:
        self._purse = purse
        self._every = terms.every_ms
        self.daily: Decimal = terms.daily
        """Part of a loan that is charged for a day."""
        self._charged: dict[Key, int] = {}
        """When each debt was charged last."""

    def begin(self, key: Key, loan: Decimal) -> None:
        """Charge a new loan for its first period; what was owed before goes on by its own."""
        self._charged.setdefault(key, self._purse.now)
        self._charge(key, loan, self._purse.now, is_first=True)
        self._purse.tell(key)

    def set_time(self, now: int) -> None:
        """Charge what is due by now; a debt that was paid back is forgotten."""
        for key, at in [*self._charged.items()]:
            if not self._purse.balance(key).loan:
                del self._charged[key]
                continue
            due = range(at + self._every, now + 1, self._every)
            for time in due:
                self._charge(key, self._purse.balance(key).loan, time)
                self._charged[key] = time
            if due:
                self._purse.tell(key)

    def _charge(self, key: Key, loan: Decimal, at: int, *, is_first: bool = False) -> None:
        amount = rounded(loan * self.daily * self._every / DAY)
        if amount:
            self._purse.change(key, interest=amount)
            self._purse.add_entry("interest", key, amount, at=at, is_first=is_first)
