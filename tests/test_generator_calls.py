"""What a printed call says: everything that was given, and nothing that a spec could smuggle in."""

from __future__ import annotations

from decimal import Decimal

import pytest

from generator.python.calls import OMIT, Code, call, maybe, row, unless


@pytest.mark.parametrize(
    ("value", "printed"),
    [(0, "0"), (Decimal(0), 'Decimal("0")'), ("", "''"), (False, "False"), (None, "None"), ((), "()")],
)
def test_an_argument_that_is_given_is_printed(value: object, printed: str) -> None:
    """Zero, empty and None are values like others; only what was omitted is not there."""
    assert f"Limits(streams={printed})" == call("Limits", streams=value, topics=OMIT)


def test_a_text_is_a_literal_whatever_it_holds() -> None:
    """What looks like Python in a spec is a text."""
    assert "Message('Beat()')" == call("Message", "Beat()")


def test_code_stands_as_it_is() -> None:
    """Calls are printed inside calls."""
    assert "Login((Rate(1),), every=Rate(2))" == call("Login", row([call("Rate", 1)]), every=maybe(_rate, 2))


def test_a_default_is_left_out() -> None:
    """What the runtime assumes anyway is not printed, and a zero is not None."""
    assert "Limits(streams=0)" == call(
        "Limits", streams=unless(None, 0), topics=unless(None, None), life=maybe(_rate, None)
    )


def _rate(calls: int) -> Code:
    return call("Rate", calls)
