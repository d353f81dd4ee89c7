# Edited in templates/venues/core/trading/listing.py; the copy in generated/ is imported.
"""An instrument as data: what an exchange lists of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from venues.core.trading.grid import EXACT, Grid


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """A pair or contract, as the exchange lists it.

    If a limit is None, the exchange does not publish it; it may still have one.
    """

    symbol: str
    """Symbol, in the exchange's spelling."""
    market: str | None = None
    """The market in which the symbol is unique, such as `spot`; None where the exchange has one market only."""
    base: str | None = None
    """Base asset."""
    quote: str | None = None
    """Quote asset."""
    margin: str | None = None
    """Margin asset of a contract."""
    status: str | None = None
    """Status, in the exchange's own word."""
    is_tradable: bool | None = None
    """Whether orders are accepted in this status; None if unknown."""
    tick: Decimal | None = None
    """Tick size: the step of prices."""
    min_price: Decimal | None = None
    max_price: Decimal | None = None
    step: Decimal | None = None
    """Step size of quantities."""
    min_quantity: Decimal | None = None
    max_quantity: Decimal | None = None
    market_step: Decimal | None = None
    """Step size of quantities of market orders, if different; so are the next two limits."""
    market_min_quantity: Decimal | None = None
    market_max_quantity: Decimal | None = None
    counts_from_minimum: bool = False
    """Whether valid prices and quantities are the minimum plus a multiple of the step, rather than a multiple of it."""
    min_notional: Decimal | None = None
    """Minimum notional of an order, in `notional_coin`."""
    max_notional: Decimal | None = None
    notional_coin: str | None = None
    """Asset of the two notional limits; None means the quote asset."""
    contract_size: Decimal | None = None
    """Contract size in the base asset; None if quantities are in the base asset."""
    limit_only: frozenset[str] = frozenset()
    """Attributes of limits that hold for orders with a price only, such as `max_notional`, and not for market orders."""
    max_orders: int | None = None
    """Maximum number of open orders."""
    max_leverage: Decimal | None = None

    def limit(self, name: str) -> Decimal | None:
        """Return a limit by the name of its attribute, or None if the exchange does not publish it."""
        value: Decimal | None = getattr(self, name)
        return value

    def quantity_limits(self, *, market: bool) -> tuple[str, str, str]:
        """Return the attributes with step, minimum and maximum that count for limit or for market orders."""
        names = ("step", "min_quantity", "max_quantity")
        step, least, most = (
            f"market_{name}" if market and self.limit(f"market_{name}") is not None else name for name in names
        )
        return step, least, most

    def grid(self, step: str, minimum: str) -> Grid | None:
        """Return the numbers that may be sent, given the attributes that hold step and minimum."""
        size, lowest = self.limit(step), self.limit(minimum)
        if size is None:
            return None
        # Only the remainder: the grid also reaches below the minimum, which another limit excludes.
        return Grid(size, EXACT.remainder(lowest, size)) if self.counts_from_minimum and lowest else Grid(size)
