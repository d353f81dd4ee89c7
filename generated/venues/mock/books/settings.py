# Edited in templates/venues/mock/books/settings.py; the copy in generated/ is imported.
"""What the account has set: leverage and margin mode of each symbol, and whether long and short stand side by side."""

from __future__ import annotations

from decimal import Decimal


class Settings:
    """The settings of one account."""

    def __init__(self, usual: Decimal) -> None:
        self._usual = usual
        self._leverage: dict[tuple[str, str], Decimal] = {}
        self._isolated: dict[str, bool] = {}
        self._hedged: dict[str, bool] = {}

    def leverage(self, symbol: str, slot: str) -> Decimal:
        """Return the leverage of one side of a symbol."""
        return self._leverage.get((symbol, slot)) or self._leverage.get((symbol, "")) or self._usual

    def set_leverage(self, symbol: str, slot: str, leverage: Decimal) -> None:
        """Change the leverage of a symbol; of both sides where no slot is said."""
        self._leverage[symbol, slot] = leverage

    def is_isolated(self, symbol: str) -> bool:
        """Whether positions of a symbol have margin of their own."""
        return self._isolated.get(symbol, self._isolated.get("", False))

    def set_isolated(self, symbol: str, *, isolated: bool) -> None:
        """Change that; of all symbols where none is said."""
        self._isolated[symbol] = isolated

    def is_hedged(self, symbol: str) -> bool:
        """Return whether long and short positions of a symbol stand side by side."""
        return self._hedged.get(symbol, self._hedged.get("", False))

    def set_hedged(self, symbol: str, *, hedged: bool) -> None:
        """Change that; of all symbols where none is said."""
        self._hedged[symbol] = hedged
