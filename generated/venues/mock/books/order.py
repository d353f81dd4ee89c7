# Edited in templates/venues/mock/books/order.py; the copy in generated/ is imported.
"""An order, and what filled it.

They are made a dozen times for each call, and a dataclass takes ten times as long. The garbage collector does not watch
them (`gc=False`): nothing in one leads back to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

import msgspec

from venues.mock.exact import Json

Side = Literal["buy", "sell"]
Status = Literal["open", "filled", "cancelled", "expired", "triggered"]
DIGITS = Decimal("1E-8")
"""To how many digits an average price is cut, and a size that was given in the quote coin."""

NOTHING = Decimal(0)
REDUCING = frozenset({"reduce_only", "close"})
TRIGGERED = frozenset({"stop", "take_profit", "trailing"})
"""Features of orders that wait for a price."""


class NotSimulated(Exception):
    """A call asks for something that the mock exchange can't do, because its meaning is not known or not built yet."""


class DoneInPart(Exception):
    """One half of a call was done and the other was not, which the exchange answers with a code."""

    def __init__(self, code: str, more: Mapping[str, Json]) -> None:
        self.code = code
        self.more = more
        """What stands beside the code."""
        super().__init__(code)


class Trigger(msgspec.Struct, frozen=True, gc=False):
    """What an order waits for."""

    stop: Decimal | None = None
    """Buys fire at or above it, sells at or below."""

    take_profit: Decimal | None = None
    """Buys fire at or below it, sells at or above."""

    trailing: Decimal | None = None
    """Which part of the best price may be lost again before it fires."""

    begins: Decimal | None = None
    """From which price on it trails; at once by default."""

    best: Decimal | None = None
    """The best price since it began to trail."""


class Order(msgspec.Struct, frozen=True, gc=False):
    """One order, as it stands; a later state is another object."""

    id: int
    client_id: str
    """The caller's own id, or one that the mock exchange made."""

    operation: str
    """Group and name of the call that placed it."""

    symbol: str
    side: Side
    features: frozenset[str]
    """Such as `market`, `ioc`, `post_only` or `reduce_only`; none for a limit order that stays until it is canceled."""

    price: Decimal | None
    quantity: Decimal
    placed_at: int
    """Milliseconds since 1970, by the mock exchange's clock."""

    changed_at: int
    status: Status = "open"
    filled: Decimal = NOTHING
    """How much of it was filled."""

    filled_value: Decimal = NOTHING
    """What was paid for that: the sum of price times quantity."""

    shelf: str = ""
    wallet: str = ""
    """The account that pays, where an exchange has several."""

    own_id: bool = False
    """Whether the caller sent the client id."""

    trigger: Trigger | None = None
    """What it still waits for; None for one that is in the market."""

    slot: str = ""
    """Which of the positions side by side it is for, `buy` (long) or `sell`; else empty."""

    position_id: int | None = None
    becomes: str | None = None
    """The shelf of the order that it becomes when it is triggered; None where it stays the same."""

    became: int | None = None
    """The id of the order that it became when it was triggered."""

    fee: Decimal = NOTHING
    """What its fills cost."""

    fee_coin: str = ""
    profit: Decimal = NOTHING
    """What its fills realized."""

    group: int | None = None
    """The id of the group that it belongs to, such as an OCO."""

    is_pending: bool = False
    """Whether it waits for another order of its group to be filled."""

    held: Decimal = NOTHING
    """What is locked for each unit that is not filled yet, in the coin `held_coin`."""

    held_coin: str = ""
    market: str = ""
    """Where an exchange has several, such as `spot` and `linear`."""

    said: Mapping[str, str] = {}
    """What else was sent, by meaning."""

    sent: Mapping[str, Json] = {}
    """What was sent, by wire name."""

    former_client_id: str | None = None
    """The client id before it was amended, where an amendment gives it another one."""

    def __repr__(self) -> str:
        # What was sent is said by the rest already.
        shown = ((name, getattr(self, name)) for name in self.__struct_fields__ if name not in ("said", "sent"))
        return f"Order({', '.join(f'{name}={value!r}' for name, value in shown)})"

    @property
    def at(self) -> int:
        """When it was placed."""
        return self.placed_at

    @property
    def open_quantity(self) -> Decimal:
        """How much is not filled yet."""
        return self.quantity - self.filled

    @property
    def average_price(self) -> Decimal:
        """The price of its fills on average; 0 without any."""
        if not self.filled:
            return NOTHING
        average = self.filled_value / self.filled
        return average if average == average.quantize(DIGITS) else average.quantize(DIGITS)

    @property
    def is_reducing(self) -> bool:
        """Whether it may only make a position smaller."""
        # Of positions side by side, what is no purchase of the long one closes it.
        return not self.features.isdisjoint(REDUCING) or self.slot not in ("", self.side)

    def is_crossed_by(self, price: Decimal) -> bool:
        """Whether it would be filled at this price of the market."""
        if self.price is None or "market" in self.features:
            return True
        return price <= self.price if self.side == "buy" else price >= self.price


class Group(msgspec.Struct, frozen=True, gc=False):
    """Orders that depend on each other."""

    id: int
    client_id: str
    symbol: str
    kind: str
    """`oco`: one cancels the others; `oto`: one starts the others."""

    legs: Mapping[int, int | None]
    """Id of each order → that of the order which has to be filled before it is placed, if there is one."""

    placed_at: int
    changed_at: int
    status: Literal["open", "done"] = "open"

    @property
    def at(self) -> int:
        """When it was placed."""
        return self.placed_at


class Fill(msgspec.Struct, frozen=True, gc=False):
    """One execution of an order."""

    order_id: int
    symbol: str
    side: Side
    price: Decimal
    quantity: Decimal
    maker: bool
    at: int
    """Milliseconds since 1970, by the mock exchange's clock."""

    id: int = 0
    fee: Decimal = NOTHING
    fee_coin: str = ""
    profit: Decimal = NOTHING
    """What it realized, of a position."""

    slot: str = ""
    position_id: int | None = None
    shelf: str = ""
    wallet: str = ""
    client_id: str = ""
    features: frozenset[str] = frozenset()
    """Of its order."""

    market: str = ""
    """Where an exchange has several."""

    order_price: Decimal = NOTHING
    order_quantity: Decimal = NOTHING
    order_left: Decimal = NOTHING
    """The limit and the size of its order, and how much of that was open after it."""
