# Edited in templates/venues/mock/books/triggers.py; the copy in generated/ is imported.
"""Which price an order waits for, and whether the market has reached it."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from venues.mock.books.order import Side, Trigger


def fires(trigger: Trigger, side: Side, price: Decimal) -> bool:
    """Whether an order fires at this price of the market."""
    rising = side == "buy"
    if trigger.stop is not None and (price >= trigger.stop if rising else price <= trigger.stop):
        return True
    if trigger.take_profit is not None and (price <= trigger.take_profit if rising else price >= trigger.take_profit):
        return True
    if trigger.trailing is None or trigger.best is None:
        return False
    # A buy waits for the price to rise again from the lowest one, a sell for it to fall again from the highest.
    lost = trigger.best * trigger.trailing
    return price >= trigger.best + lost if rising else price <= trigger.best - lost


def followed(trigger: Trigger, side: Side, price: Decimal) -> Trigger:
    """Return what an order waits for after the market has moved: a trailing one remembers the best price."""
    if trigger.trailing is None:
        return trigger
    rising = side == "buy"
    if trigger.best is None:
        begun = trigger.begins is None or (price <= trigger.begins if rising else price >= trigger.begins)
        return replace(trigger, best=price) if begun else trigger
    better = price < trigger.best if rising else price > trigger.best
    return replace(trigger, best=price) if better else trigger
