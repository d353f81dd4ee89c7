# Edited in templates/venues/core/trading/instrument.py; the copy in generated/ is imported.
"""What can be traded, with its steps and limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from venues.core.trading.grid import exact
from venues.core.trading.listing import Listing
from venues.errors import InvalidRequest

if TYPE_CHECKING:
    from decimal import Decimal

    from venues.core.trading.check import OrderCheck
    from venues.core.trading.grid import Grid, Rounding
    from venues.core.values.numbers import Number


@dataclass(frozen=True, kw_only=True, slots=True)
class Instrument(Listing):
    """A pair or contract: what the exchange publishes about it, and what that means for your orders.

    If a limit is None, the exchange does not publish it; it may still have one.
    """

    def price(self, price: Number, *, rounding: Rounding) -> Decimal:
        """Round a price to the tick.

        Args:
            price: In the quote asset; floats are rejected, because they are not exact.
            rounding: `down`, `up` or `nearest`. A buy order rounded `up` pays more than you asked for.

        Raises:
            InvalidRequest: if the tick is unknown, or the price is no number of at least 0.
        """
        return self._grid("tick", "min_price").round(exact(price, "price"), rounding)

    def quantity(self, quantity: Number, *, rounding: Rounding, market: bool = False) -> Decimal:
        """Round a quantity to the step; less than a step, rounded `down`, is 0.

        Args:
            quantity: In the base asset, or in contracts if the instrument has a `contract_size`.
            rounding: `down`, `up` or `nearest`. A quantity rounded `up` costs more than you asked for.
            market: Whether it is for a market order, which may have a step of its own.

        Raises:
            InvalidRequest: if the step is unknown, or the quantity is no number of at least 0.
        """
        step, minimum, _ = self.quantity_limits(market=market)
        return self._grid(step, minimum).round(exact(quantity, "quantity"), rounding)

    def check(self, *, price: Number | None = None, quantity: Number | None = None, market: bool = False) -> OrderCheck:
        """List what the exchange would reject in an order, and what could not be checked; nothing is sent.

        Args:
            price: Limit price. For a market order, the price that you expect; it is used for the notional only.
            quantity: In the base asset, or in contracts if the instrument has a `contract_size`.
            market: Whether it is a market order.

        Raises:
            InvalidRequest: if the price or quantity is no number of at least 0.
        """
        # Loaded when it is used: most programs only round.
        from venues.core.trading.check import check_order

        known_price = None if price is None else exact(price, "price")
        return check_order(self, known_price, None if quantity is None else exact(quantity, "quantity"), market=market)

    def _grid(self, step: str, minimum: str) -> Grid:
        found = self.grid(step, minimum)
        if found is None:
            raise InvalidRequest(f"the exchange states no {step} of {self.symbol}, so nothing can be rounded to it")
        return found
