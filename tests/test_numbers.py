"""Exact numbers, both ways."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venues.core.values.numbers import plain_decimal
from venues.errors import InvalidRequest

DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30)


@given(DECIMALS)
def test_number_is_the_same_number_on_the_wire(number: Decimal) -> None:
    """What is printed reads as exactly the number that was given."""
    assert number == Decimal(plain_decimal(number, "price"))


@given(st.one_of(DECIMALS, st.integers(), DECIMALS.map(str)))
def test_no_number_has_an_exponent(number: Decimal | int | str) -> None:
    """Plain notation only."""
    assert set(plain_decimal(number, "price")) <= set("-0123456789.")


def test_small_number_is_plain() -> None:
    """1E-5 becomes 0.00001."""
    assert "0.00001" == plain_decimal(Decimal("1E-5"), "price")


def test_text_with_exponent_is_plain() -> None:
    """A text with an exponent is rewritten."""
    assert "0.000006178" == plain_decimal("6.178e-06", "price")


@pytest.mark.parametrize(
    "value", ["-0", "-0.0", "-00", "-.0", "-0e5", Decimal("-0"), Decimal("-0.00"), Decimal("-1e-9")]
)
def test_zero_has_no_sign(value: Decimal | str) -> None:
    """What rounding leaves of a small negative amount is zero; other amounts keep their sign."""
    assert plain_decimal(value, "price").startswith("-") == (Decimal(value) != 0)


@given(st.floats())
def test_float_is_refused(number: float) -> None:
    """A float is refused, whatever its value, with a hint at what to pass."""
    with pytest.raises(InvalidRequest, match="floats are not exact; pass"):
        plain_decimal(number, "price")


@pytest.mark.parametrize(
    "value",
    [
        *("", "abc", "NaN", "Infinity", "-inf", "1e999", "1e9999999999", "+", ".", "9" * 5000),
        *(" 1", "1\n", "1_000", "1,5", "0x10", "١٢", "９"),
        *(True, None, b"1", 10**5000, Decimal("NaN"), Decimal("sNaN"), Decimal("1e500000")),
    ],
    ids=lambda value: ascii(value)[:20] if not isinstance(value, int) else type(value).__name__,
)
def test_what_is_no_amount_is_refused(value: object) -> None:
    """Texts that are no finite number never reach the wire."""
    with pytest.raises(InvalidRequest):
        plain_decimal(value, "price")


def test_message_stays_short() -> None:
    """A huge text is not repeated whole."""
    with pytest.raises(InvalidRequest) as caught:
        plain_decimal("9" * 5000, "price")
    assert 200 > len(str(caught.value))
