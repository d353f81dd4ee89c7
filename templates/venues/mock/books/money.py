# Edited in templates/venues/mock/books/money.py; the copy in generated/ is imported.
"""What the account has: balances, positions and loans; each is a state, and a later state is another object."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from venues.mock.books.order import Side

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Balance:
    """What there is of one coin."""

    coin: str
    shelf: str = ""
    """The account, where an exchange has several: `cross`, `isolated`; else empty."""

    symbol: str = ""
    """The pair, where each has an account of its own; else empty."""

    quantity: Decimal = NOTHING
    """All there is: what is locked and borrowed included, the profit of open positions not."""

    locked: Decimal = NOTHING
    """Held for open orders."""

    margin: Decimal = NOTHING
    """Bound in positions."""

    open_profit: Decimal = NOTHING
    """Unrealized profit of the positions, at the market's price."""

    loan: Decimal = NOTHING
    """What was borrowed, and not yet repaid."""

    interest: Decimal = NOTHING
    """What is owed for that."""

    @property
    def available(self) -> Decimal:
        """What new orders can use: losses of open positions count, their profit does not."""
        return self.quantity - self.locked - self.margin + min(self.open_profit, NOTHING)


@dataclass(frozen=True, slots=True)
class Position:
    """What is held of one contract."""

    id: int
    symbol: str
    slot: str
    """`buy` or `sell` where long and short stand side by side; else empty."""

    side: Side | None
    """Long is `buy`; None after it was closed."""

    quantity: Decimal
    """Never negative."""

    price: Decimal
    """Entered at, on average."""

    leverage: Decimal
    isolated: bool
    margin: Decimal
    profit: Decimal
    """Realized so far, fees not counted."""

    coin: str
    """The coin of margin and profit."""

    opened_at: int
    changed_at: int

    def open_profit(self, market_price: Decimal) -> Decimal:
        """Return the unrealized profit at a price."""
        gained = (market_price - self.price) * self.quantity
        return gained if self.side == "buy" else -gained
