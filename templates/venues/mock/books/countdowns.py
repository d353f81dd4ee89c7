# Edited in templates/venues/mock/books/countdowns.py; the copy in generated/ is imported.
"""Dead man's switches: orders are canceled unless the caller says in time that it is still there."""

from __future__ import annotations


class Countdowns:
    """When the orders of which shelf and symbol are canceled."""

    def __init__(self) -> None:
        self._until: dict[tuple[str, str], int] = {}

    def set(self, shelf: str, symbol: str, now: int, after: int) -> None:
        """Cancel so many milliseconds from now, unless this is called again before; 0 ends it."""
        if after:
            self._until[shelf, symbol] = now + after
        else:
            self._until.pop((shelf, symbol), None)

    def due(self, now: int) -> list[tuple[str, str]]:
        """Return whose time is over, and forget them."""
        due = [key for key, until in self._until.items() if until <= now]
        for key in due:
            del self._until[key]
        return due
