# Edited in templates/venues/mock/books/asked.py; the copy in generated/ is imported.
"""What a call asks for, in the words of the specification."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from venues.mock.books.order import TRIGGERED, NotSimulated, Trigger
from venues.mock.declared.holders import Says, Words

EXITS = frozenset({"exit.stop price", "exit.take_profit price"})
"""Orders that follow when this one is filled."""

WAITING = frozenset({"stop price", "take_profit price", "trailing", "trailing price"})
"""What says for which price an order waits."""
PARTS = {"percent": Decimal("0.01"), "ratio": Decimal(1), "basis points": Decimal("0.0001")}
"""Units of a distance that is a part of the price."""


class Asked(msgspec.Struct, gc=False):
    """The arguments of one call, by meaning."""

    texts: dict[str, str] = {}
    features: set[str] = set()
    sides: dict[str, Words] = {}
    settings: dict[str, bool] = {}
    trailing_unit: str | None = None
    several: dict[str, tuple[str, ...]] = {}
    """What may be one of several, such as symbols."""

    kinds: list[tuple[Says, Words]] = []
    """What the values of a parameter say of a kind, and what it says; of a list, it asks for orders that are of that kind."""

    def wants(self, phrase: str, value: str | None) -> bool:
        """Whether what has this value is asked for: everything is where nothing is said."""
        return self.texts.get(phrase) in (None, value) and (phrase not in self.several or value in self.several[phrase])

    def number(self, phrase: str) -> Decimal | None:
        """Return a number that was sent; None if there is none, or 0 in its place."""
        return Decimal(self.texts[phrase]) or None if phrase in self.texts else None

    def slot(self) -> str:
        """Return the side of the position that is meant, where one is named."""
        return next(iter(self.sides.get("position.side", ())), "")

    def other(self) -> Asked:
        """Return which other order is meant, of the same symbol."""
        names = {"order.id": "id", "order.client_id": "client_id", "symbol": "symbol"}
        return Asked({phrase: self.texts[name] for name, phrase in names.items() if name in self.texts})

    def copy(self) -> Asked:
        """Return the same, to be added to."""
        return Asked(
            dict(self.texts),
            set(self.features),
            dict(self.sides),
            dict(self.settings),
            self.trailing_unit,
            dict(self.several),
            [*self.kinds],
        )


def trigger_of(name: str, asked: Asked) -> Trigger | None:
    """Return what an order waits for; None if for nothing.

    Raises:
        NotSimulated: if that is not wholly known.
    """
    if WAITING.isdisjoint(asked.texts) and TRIGGERED.isdisjoint(asked.features):
        return None  # as most orders
    stop, take_profit = asked.number("stop price"), asked.number("take_profit price")
    if "take_profit" in asked.features:
        # One parameter for both: whether it is a stop or takes the profit, the order's type says.
        stop, take_profit = None, take_profit or stop
    distance = asked.number("trailing")
    if distance is None and asked.number("trailing price") is not None:
        raise NotSimulated(f"{name} with a price from which it trails, and no distance")
    if stop is None and take_profit is None and distance is None:
        if asked.features & TRIGGERED:
            raise NotSimulated(f"{name} with an order that waits for a price, and does not say for which")
        return None
    if distance is not None and asked.trailing_unit not in PARTS:
        raise NotSimulated(f"{name} with a trailing order: the unit of its distance is not documented")
    part = distance * PARTS[asked.trailing_unit or "ratio"] if distance is not None else None
    return Trigger(stop, take_profit, part, asked.number("trailing price"))
