# Edited in templates/venues/mock/books/positions.py; the copy in generated/ is imported.
"""How fills change a position: its size, what it cost, and what was gained."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from msgspec.structs import replace

from venues.mock.books.money import Position
from venues.mock.books.order import DIGITS


def reduced(position: Position, price: Decimal, closed: Decimal, now: int) -> tuple[Position, Decimal]:
    """Return a position after a part of it was closed, and the profit of that."""
    left = position.quantity - closed
    # The last part gets all that is left, so that nothing is lost by rounding.
    cost = rounded(position.cost * closed / position.quantity) if left else position.cost
    margin = rounded(position.margin * closed / position.quantity) if left else position.margin
    gained = price * closed * position.worth - cost
    profit = gained if position.side == "buy" else -gained
    smaller = replace(
        position,
        quantity=left,
        cost=position.cost - cost,
        margin=position.margin - margin,
        profit=position.profit + profit,
        changed_at=now,
    )
    return smaller, profit


def enlarged(position: Position, price: Decimal, quantity: Decimal, leverage: Decimal, now: int) -> Position:
    """Return a position after something was added to it."""
    cost = price * quantity * position.worth
    return replace(
        position,
        quantity=position.quantity + quantity,
        cost=position.cost + cost,
        margin=position.margin + rounded(cost / leverage),
        leverage=leverage,
        changed_at=now,
    )


def with_leverage(position: Position, leverage: Decimal) -> Position:
    """Return a position that binds as much margin as another leverage needs."""
    return replace(position, leverage=leverage, margin=rounded(position.cost / leverage))


def rounded(number: Decimal) -> Decimal:
    """Return money in 8 digits, as exchanges keep it."""
    return number.quantize(DIGITS, ROUND_HALF_EVEN)
