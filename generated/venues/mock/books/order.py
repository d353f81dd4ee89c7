# Edited in templates/venues/mock/books/order.py; the copy in generated/ is imported.
"""An order, and what filled it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from venues.mock.exact import Json

Side = Literal["buy", "sell"]
Status = Literal["open", "filled", "cancelled", "expired"]
DIGITS = Decimal("1E-8")
"""To how many digits an average price is cut, and a size that was given in the quote coin."""


class NotSimulated(Exception):
    """A call asks for something that the mock exchange can't do, because its meaning is not known or not built yet."""


@dataclass(frozen=True)
class Order:
    """One order, as it stands; a later state is another object."""

    id: int
    client_id: str
    """The caller's own id, or one that the mock exchange made."""

    operation: str
    """Group and name of the call that placed it."""

    symbol: str
    side: Side
    features: frozenset[str]
    """`market`, `ioc`, `fok` or `post_only`; none for a limit order that stays until it is canceled."""

    price: Decimal | None
    quantity: Decimal
    placed_at: int
    """Milliseconds since 1970, by the mock exchange's clock."""

    changed_at: int
    status: Status = "open"
    filled: Decimal = Decimal(0)
    """How much of it was filled."""

    filled_value: Decimal = Decimal(0)
    """What was paid for that, in the quote coin."""

    shelf: str = ""
    own_id: bool = False
    """Whether the caller sent the client id."""

    said: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What else was sent, by meaning."""

    sent: Mapping[str, Json] = field(default_factory=dict, repr=False)
    """What was sent, by wire name."""

    @property
    def open_quantity(self) -> Decimal:
        """How much is not filled yet."""
        return self.quantity - self.filled

    @property
    def average_price(self) -> Decimal:
        """The price of its fills on average; 0 without any."""
        if not self.filled:
            return Decimal(0)
        average = self.filled_value / self.filled
        return average if average == average.quantize(DIGITS) else average.quantize(DIGITS)

    def is_crossed_by(self, price: Decimal) -> bool:
        """Whether it would be filled at this price of the market."""
        if self.price is None or "market" in self.features:
            return True
        return price <= self.price if self.side == "buy" else price >= self.price


@dataclass(frozen=True)
class Fill:
    """One execution of an order."""

    order_id: int
    symbol: str
    side: Side
    price: Decimal
    quantity: Decimal
    maker: bool
    at: int
    """Milliseconds since 1970, by the mock exchange's clock."""
