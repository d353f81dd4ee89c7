"""A program that expects values that no spec lists yet: a type checker must not take its branches for unreachable."""

from __future__ import annotations

from venues.bitget_margin import OrderStatus
from venues.sixmm import MarginMode


def matched(status: OrderStatus) -> str:
    """Every known value has a case, and an unknown one falls through to the last."""
    match status:
        case OrderStatus.NEW | OrderStatus.INIT | OrderStatus.PARTIAL_FILL:
            return "open"
        case OrderStatus.FULL_FILL:
            return "filled"
        case OrderStatus.CANCELLED:
            return "canceled"
        case other:
            return f"unknown: {other.value}"


def compared(status: OrderStatus) -> bool:
    """A value that the spec lacks is compared as text; a known one is narrowed by `is` or `==`."""
    if status == "WEIRD":
        return True
    if status is OrderStatus.NEW or status == OrderStatus.INIT or status in (OrderStatus.PARTIAL_FILL, "also_weird"):
        return False
    if status in {OrderStatus.FULL_FILL, OrderStatus.CANCELLED}:
        return False
    return not status.known


def numbered(mode: MarginMode) -> str:
    """An enum of numbers is as open."""
    if mode == 99:
        return "weird"
    match mode:
        case MarginMode.CROSS:
            return "cross"
        case MarginMode.ISOLATED:
            return "isolated"
        case _:
            return f"unknown: {int(mode)}"


def passed_on(text: str) -> OrderStatus:
    """A member is made of any value, and is a text itself."""
    status = OrderStatus(text)
    shown: str = status
    return status if shown else OrderStatus.NEW
