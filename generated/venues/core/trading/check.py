# Edited in templates/venues/core/trading/check.py; the copy in generated/ is imported.
"""Whether an exchange would accept an order, as far as its instruments say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from venues.core.trading.grid import EXACT

if TYPE_CHECKING:
    from venues.core.trading.listing import Listing

# Named rather than left out: an empty `rejected` must not look like a promise.
NEVER_CHECKED = {
    "price_band": "how far the price may be from the market depends on the market",
    "funds": "whether balance and margin are enough depends on the account",
}

NOT_STATED = "the exchange does not state it"


@dataclass(frozen=True)
class OrderCheck:
    """What the exchange would reject, and what could not be checked.

    Both map the attribute of the instrument with the limit, such as `min_notional`, to an explanation.
    """

    rejected: Mapping[str, str]
    unchecked: Mapping[str, str]
    """Always has `price_band` and `funds`."""


def check_order(instrument: Listing, price: Decimal | None, quantity: Decimal | None, *, market: bool) -> OrderCheck:
    """Compare an order with the limits of its instrument."""
    checking = _Checking(instrument)
    checking.check_status()
    # The price of a market order is only an estimate, so ticks and limits do not apply to it.
    if price is not None and not market:
        checking.check_steps("price", price, "tick", "min_price")
        checking.check_range("price", price, "min_price", "max_price")
    if quantity is not None:
        step, least, most = instrument.quantity_limits(market=market)
        checking.check_steps("quantity", quantity, step, least)
        checking.check_range("quantity", quantity, least, most)
        checking.check_notional(price, quantity, market=market)
    return OrderCheck(checking.rejected, NEVER_CHECKED | checking.unchecked)


@dataclass(frozen=True)
class _Checking:
    instrument: Listing
    rejected: dict[str, str] = field(default_factory=dict)
    unchecked: dict[str, str] = field(default_factory=dict)

    def check_status(self) -> None:
        """Note a status in which orders are rejected."""
        if self.instrument.is_tradable is None:
            self.unchecked["status"] = "the exchange does not say whether orders are accepted"
        elif not self.instrument.is_tradable:
            self.rejected["status"] = f"the status is {self.instrument.status}"

    def check_steps(self, what: str, number: Decimal, step: str, minimum: str) -> None:
        """Note a number that is 0, or no multiple of the step."""
        grid, lowest = self.instrument.grid(step, minimum), self.instrument.limit(minimum)
        if not number:
            self.rejected[what] = f"the {what} is 0"
        elif grid is None:
            self.unchecked[step] = NOT_STATED
        elif lowest and not grid.has(lowest):
            # Seen at an exchange: no decimal places, and a minimum of 0.01.
            self.unchecked[step] = f"the minimum {lowest:f} is not a multiple of {grid.step:f}, so one of them is wrong"
        elif not grid.has(number):
            counted = f" counted from {grid.origin:f}" if grid.origin else ""
            self.rejected[step] = f"the {what} {number:f} is not a multiple of {grid.step:f}{counted}"

    def check_range(self, what: str, number: Decimal, least: str, most: str, *, market: bool = False) -> None:
        """Note a number that is too small or too large."""
        lowest, highest = (
            None if market and each in self.instrument.limit_only else self._known(each) for each in (least, most)
        )
        if lowest is not None and number < lowest:
            self.rejected[least] = f"the {what} {number:f} is below the minimum of {lowest:f}"
        if highest is not None and number > highest:
            self.rejected[most] = f"the {what} {number:f} is above the maximum of {highest:f}"

    def check_notional(self, price: Decimal | None, quantity: Decimal, *, market: bool) -> None:
        """Compare price times quantity with its limits, which may be in another asset than the price."""
        coin, quote = self.instrument.notional_coin, self.instrument.quote
        if price is None or coin not in (None, quote):
            why = f"the limit is in {coin}, the price is not" if price is not None else "no price is given"
            self.unchecked.update(min_notional=why, max_notional=why)
            return
        worth = EXACT.multiply(quantity, self.instrument.contract_size or Decimal(1))
        value = EXACT.multiply(price, worth)
        self.check_range("notional", value, "min_notional", "max_notional", market=market)

    def _known(self, name: str) -> Decimal | None:
        """Return a limit, or note that the exchange does not state it."""
        limit = self.instrument.limit(name)
        if limit is None:
            self.unchecked[name] = NOT_STATED
        return limit
