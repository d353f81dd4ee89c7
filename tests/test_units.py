"""How units are said."""

from __future__ import annotations

import pytest

from generator.ground.units import with_unit


@pytest.mark.parametrize(
    ("doc", "unit", "said"),
    [
        ("Limit price.", "quote coin", "Limit price, in the quote asset."),
        ("Limit price. Not for market orders.", "USDT", "Limit price, in USDT. Not for market orders."),
        ("Limit price; 0 at market.", "quote coin", "Limit price, in the quote asset; 0 at market."),
        ("Until then. 0 stops it.", "ms", "Until then, in milliseconds. 0 stops it."),
        ("About 1.5 times that, e.g. more", "coin", "About 1.5 times that, e.g. more, in the coin."),
        ("What is owed.", "margin coin", "What is owed, in the margin asset."),
        ("Decimal places of prices.", "digits", "Decimal places of prices."),
        ("Limit price.", None, "Limit price."),
    ],
)
def test_unit_is_said_where_the_thing_is(doc: str, unit: str | None, said: str) -> None:
    """The first clause says the unit; what follows stays as it is."""
    assert said == with_unit(doc, unit)
