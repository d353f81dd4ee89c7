"""Instruments: exact rounding in a direction that is named, and what an exchange would reject."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venues.binance_spot import BinanceSpot, examples
from venues.core.trading.grid import Grid, Rounding
from venues.core.trading.instrument import Instrument
from venues.errors import InvalidRequest
from venues.mock import Mock

D = Decimal
BTC = Instrument(
    symbol="BTCUSDT",
    base="BTC",
    quote="USDT",
    status="TRADING",
    is_tradable=True,
    tick=D("0.10"),
    min_price=D(100),
    max_price=D(1_000_000),
    step=D("0.001"),
    min_quantity=D("0.002"),
    max_quantity=D(500),
    market_max_quantity=D(100),
    min_notional=D(5),
)
BARE = Instrument(symbol="X")
steps = st.sampled_from([D("0.00000001"), D("0.0025"), D("0.10"), D("0.5"), D(1), D(10), D(300)])
numbers = st.decimals(min_value=0, max_value=D(10) ** 12, allow_nan=False, places=9)


@pytest.mark.parametrize(("rounding", "expected"), [("down", "64999.9"), ("up", "65000.0"), ("nearest", "65000.0")])
def test_prices_are_rounded_as_the_caller_says(rounding: Rounding, expected: str) -> None:
    """A price goes to the next tick in the direction that is named."""
    assert D(expected) == BTC.price("64999.95", rounding=rounding)


def test_the_caller_must_name_a_rounding() -> None:
    """Nothing is rounded by a default."""
    with pytest.raises(TypeError, match="rounding"):
        BTC.price("64999.95")  # type: ignore[call-arg]
    with pytest.raises(InvalidRequest, match="it may be down, up, nearest"):
        BTC.price("64999.95", rounding="ROUND_UP")  # type: ignore[arg-type]


def test_floats_are_refused() -> None:
    """0.1 as a float is not a tenth."""
    with pytest.raises(InvalidRequest, match="floats are not exact"):
        BTC.price(0.1, rounding="down")  # type: ignore[arg-type]


@given(steps, numbers, st.sampled_from([D(0), D("0.0003"), D(7)]))
def test_rounding_finds_the_neighbors(step: Decimal, number: Decimal, origin: Decimal) -> None:
    """Down and up are the two numbers of the grid around a number, less than a step apart, whatever its size."""
    grid = Grid(step, origin)
    number += origin
    down, up, nearest = (grid.round(number, rounding) for rounding in ("down", "up", "nearest"))
    assert down <= number <= up
    assert up - down == (0 if grid.has(number) else step)
    assert nearest in (down, up)
    assert abs(nearest - number) == min(number - down, up - number)
    assert grid.has(down)
    assert grid.has(up)


def test_what_is_rounded_prints_the_digits_of_the_step() -> None:
    """An exchange that compares texts gets as many decimal places as its step has."""
    assert ["65000.00", "0.120"] == [
        str(BTC.price(65000, rounding="down")),
        str(BTC.quantity("0.1204", rounding="down")),
    ]


def test_less_than_a_step_rounds_down_to_nothing_and_is_rejected() -> None:
    """A quantity that is too small becomes 0, never the least quantity, and the check rejects it."""
    quantity = BTC.quantity("0.0009", rounding="down")
    assert 0 == quantity
    assert "the quantity is 0" == BTC.check(quantity=quantity).rejected["quantity"]


def test_without_a_step_nothing_is_rounded() -> None:
    """An unknown tick or step is an error, and no number passes through."""
    with pytest.raises(InvalidRequest, match="states no tick of X"):
        BARE.price("1.23456", rounding="down")
    with pytest.raises(InvalidRequest, match="states no step of X"):
        BARE.quantity("1.23456", rounding="down")


def test_steps_may_be_counted_from_the_minimum() -> None:
    """Where the exchange counts so, rounding and check do, too."""
    odd = Instrument(symbol="X", tick=D("0.5"), min_price=D("0.2"), counts_from_minimum=True)
    assert D("9.7") == odd.price(10, rounding="down")
    assert "tick" in odd.check(price=10).rejected
    assert "tick" not in odd.check(price="9.7").rejected
    with pytest.raises(InvalidRequest, match=r"lowest number is 0\.2"):
        odd.price("0.1", rounding="down")


@pytest.mark.parametrize(
    ("price", "quantity", "market", "rejected"),
    [
        ("65000", "0.01", False, set()),
        ("65000.05", "0.01", False, {"tick"}),
        ("99.9", "1", False, {"min_price"}),
        ("1000000.1", "1", False, {"max_price"}),
        ("65000", "0.0025", False, {"step"}),
        ("65000", "0.001", False, {"min_quantity"}),
        ("65000", "501", False, {"max_quantity"}),
        ("100", "0.002", False, {"min_notional"}),
        ("65000", "101", True, {"market_max_quantity"}),
        ("65000.05", "0.01", True, set()),
        ("0", "0", False, {"price", "min_price", "quantity", "min_quantity", "min_notional"}),
    ],
)
def test_the_check_names_every_broken_limit(price: str, quantity: str, market: bool, rejected: set[str]) -> None:
    """What is rejected has the name of the limit."""
    assert rejected == BTC.check(price=price, quantity=quantity, market=market).rejected.keys()


def test_the_check_says_what_it_could_not_check() -> None:
    """A limit that the exchange does not state is named, and so is what depends on market and account."""
    check = BARE.check(price=1, quantity=1)
    assert {} == check.rejected
    assert check.unchecked.keys() == {
        *("status", "tick", "min_price", "max_price", "step", "min_quantity", "max_quantity"),
        *("min_notional", "max_notional", "price_band", "funds"),
    }


def test_an_instrument_that_is_not_traded_rejects_orders() -> None:
    """The check names the status as the exchange has it."""
    halted = Instrument(symbol="X", status="HALT", is_tradable=False)
    assert {"status": "the status is HALT"} == halted.check().rejected


def test_a_step_that_the_minimum_contradicts_is_not_believed() -> None:
    """Where the least quantity is not on the grid, the check says so, and rejects nothing for the step."""
    odd = Instrument(symbol="cl_usdt", step=D(1), min_quantity=D("0.01"))
    check = odd.check(quantity="0.5")
    assert {} == check.rejected
    assert "the minimum 0.01 is not a multiple of 1, so one of them is wrong" == check.unchecked["step"]
    assert D(0) == odd.quantity("0.5", rounding="down")


def test_contracts_count_with_their_size() -> None:
    """A notional is price times contracts times what a contract is worth."""
    swap = Instrument(symbol="BTC-USDT", quote="USDT", contract_size=D("0.0001"), min_notional=D(5))
    assert (
        "the notional 4.9999 is below the minimum of 5"
        == swap.check(price="49999", quantity=1).rejected["min_notional"]
    )
    assert {} == swap.check(price="50000", quantity=1).rejected


def test_a_notional_in_another_coin_is_not_compared() -> None:
    """A minimum in USDT says nothing of a price in BTC."""
    cross = Instrument(symbol="ETHBTC", base="ETH", quote="BTC", min_notional=D(5), notional_coin="USDT")
    check = cross.check(price="0.05", quantity="0.001")
    assert {} == check.rejected
    assert "the limit is in USDT, the price is not" == check.unchecked["min_notional"]


def test_a_huge_number_is_not_rounded_to_28_digits() -> None:
    """Python's usual context would lose the last digits of a product."""
    whole = Instrument(symbol="X", step=D(1), min_notional=D("1E30") + 1)
    assert {} == whole.check(price=D("1E30") + 1, quantity=1).rejected
    assert D("1E30") + 1 == whole.quantity(D("1E30") + 1, rounding="down")


def test_a_long_number_keeps_its_last_digits() -> None:
    """Thirty digits and a fraction are rounded as exactly as three."""
    assert D("1000000000000000000000000000000.1") == Grid(D("0.1")).round(
        D("1000000000000000000000000000000.19"), "down"
    )


def test_limits_of_orders_with_a_price_leave_market_orders_alone() -> None:
    """A limit that the exchange does not apply to market orders rejects none; orders with a price keep it."""
    made = replace(BTC, min_notional=D(10), max_notional=D(1000), limit_only=frozenset({"max_notional"}))
    priced, market = (made.check(price="50000", quantity="1", market=market).rejected for market in (False, True))
    assert ("max_notional" in priced, "max_notional" in market) == (True, False)
    assert "min_notional" in made.check(price="1", quantity="1", market=True).rejected


@pytest.mark.parametrize(
    ("applies", "limit_only"), [(True, frozenset()), (False, frozenset({"min_notional", "max_notional"}))]
)
def test_filters_say_whether_they_apply_to_market_orders(applies: bool, limit_only: frozenset[str]) -> None:
    """Of Binance's filters of the notional, those that do not apply to market orders hold for limit orders only."""
    notional = {"applyMinToMarket": applies, "applyMaxToMarket": applies, "minNotional": "5", "maxNotional": "9"}
    with Mock("binance_spot", remembers=False) as mock, BinanceSpot(base_url=mock.url) as client:
        answer = json.loads(examples.EXAMPLES["market.get_exchange_info"].response)
        symbol = answer["symbols"][0] | {"filters": [{"filterType": "NOTIONAL", "avgPriceMins": 5, **notional}]}
        mock.answer("market.get_exchange_info", answer | {"symbols": [symbol]})
        made = client.instrument(symbol["symbol"])
    assert (D(5), D(9), limit_only) == (made.min_notional, made.max_notional, made.limit_only)
