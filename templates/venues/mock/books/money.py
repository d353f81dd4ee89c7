# Edited in templates/venues/mock/books/money.py; the copy in generated/ is imported.
"""What the account has: balances, positions, loans, and its ledger; a later state is another object."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec

from venues.mock.books.order import DIGITS, NOTHING, Side

EntryKind = Literal["transfer", "fill", "fee", "profit", "loan", "repayment", "interest", "funding"]


class Balance(msgspec.Struct, frozen=True, gc=False):
    """The balance of one coin."""

    coin: str
    wallet: str = ""
    """The account, where an exchange has several: `cross`, `isolated`; else empty."""

    symbol: str = ""
    """The pair, where each has an account of its own; else empty."""

    quantity: Decimal = NOTHING
    """Total: includes what is locked and borrowed, not the profit of open positions."""

    locked: Decimal = NOTHING
    """Held for open orders."""

    margin_locked: Decimal = NOTHING
    """The part of it that is margin of contracts, where spot orders use the same money."""

    margin: Decimal = NOTHING
    """Bound in positions."""

    open_profit: Decimal = NOTHING
    """Unrealized profit of the positions, at the market's price."""

    loan: Decimal = NOTHING
    """Borrowed, and not yet repaid."""

    interest: Decimal = NOTHING
    """Interest owed."""

    profit: Decimal = NOTHING
    """Realized profit since the mock exchange started, without fees."""

    changed_at: int = 0
    is_shared: bool = False
    """Whether several markets have it, so that it is known for which an order locks it."""

    @property
    def available(self) -> Decimal:
        """Available to new orders: losses of open positions count, their profit does not."""
        return self.quantity - self.locked - self.margin + min(self.open_profit, NOTHING)


class Position(msgspec.Struct, frozen=True, gc=False):
    """A position in one contract."""

    id: int
    symbol: str
    slot: str
    """`buy` or `sell` where long and short stand side by side; else empty."""

    side: Side
    """Long is `buy`."""

    quantity: Decimal
    """Never negative; 0 after it was closed."""

    cost: Decimal
    """Value of its quantity at entry, in `coin`."""

    worth: Decimal
    """One unit of its quantity in the base coin: 1, or the contract size."""

    leverage: Decimal
    isolated: bool
    margin: Decimal
    profit: Decimal
    """Realized profit so far, without fees."""

    coin: str
    """The coin of margin and profit."""

    opened_at: int
    changed_at: int
    wallet: str = ""
    market_price: Decimal = NOTHING
    """The latest price of the market; the mark price is the same."""

    reserved: Decimal = NOTHING
    """The quantity that open orders would close."""

    market: str = ""
    """Where an exchange has several."""

    stop: Decimal | None = None
    take_profit: Decimal | None = None
    """The prices at which orders close it, if there are any."""

    @property
    def at(self) -> int:
        """When it was opened."""
        return self.opened_at

    @property
    def price(self) -> Decimal:
        """Average entry price; 0 after it was closed."""
        if not self.quantity:
            return NOTHING
        average = self.cost / (self.quantity * self.worth)
        return average if average == average.quantize(DIGITS) else average.quantize(DIGITS)

    @property
    def open_profit(self) -> Decimal:
        """Unrealized profit at the market's price."""
        gained = self.market_price * self.quantity * self.worth - self.cost
        return gained if self.side == "buy" else -gained


class Loan(msgspec.Struct, frozen=True, gc=False):
    """One loan or repayment."""

    id: int
    coin: str
    quantity: Decimal
    at: int
    wallet: str
    symbol: str = ""
    interest: Decimal = NOTHING
    """The part that paid interest."""

    owed: Decimal = NOTHING
    """Still owed after it, including interest."""

    repaid: bool = False
    """Whether it is a repayment."""


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One line of the account's ledger."""

    id: int
    kind: EntryKind
    coin: str
    quantity: Decimal
    """Negative for what was paid."""

    at: int
    wallet: str = ""
    symbol: str = ""
    fill_id: int | None = None
    order_id: int | None = None
    fee: Decimal = NOTHING
    """Fee that is subtracted already, in the same coin."""

    market: str = ""
    """Of a fill: the market that it was in, where an exchange has several."""

    is_first: bool = False
    """Of interest: whether it was charged when the loan was taken."""
