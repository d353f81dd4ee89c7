"""What the pages' tables demand of each type of order, as an oracle of its own: beside the specs, and not made from them.

An order that the tables call valid must never be refused, for that costs a trader most. One that they call invalid is
refused before it is sent. What they leave open is in neither list.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest

from tests.support.preparing import Exchange

Order = dict[str, Any]

# Type → what must be given; of a tuple of names, at least one.
NEEDED: dict[str, tuple[str | tuple[str, ...], ...]] = {
    "LIMIT": ("time_in_force", "quantity", "price"),
    "MARKET": (("quantity", "quote_order_qty"),),
    "STOP_LOSS": ("quantity", ("stop_price", "trailing_delta")),
    "STOP_LOSS_LIMIT": ("time_in_force", "quantity", "price", ("stop_price", "trailing_delta")),
    "TAKE_PROFIT": ("quantity", ("stop_price", "trailing_delta")),
    "TAKE_PROFIT_LIMIT": ("time_in_force", "quantity", "price", ("stop_price", "trailing_delta")),
    "LIMIT_MAKER": ("quantity", "price"),
}
STOPS = {"STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"}
RESTING = {"LIMIT", "LIMIT_MAKER", "STOP_LOSS_LIMIT", "TAKE_PROFIT_LIMIT"}
GIVEN: Order = {
    "time_in_force": "GTC",
    "quantity": "1",
    "quote_order_qty": "100",
    "price": "60000",
    "stop_price": "59000",
    "trailing_delta": 100,
    "iceberg_qty": "0.1",
    "strategy_id": 1,
    "strategy_type": 1_000_000,
    "new_order_resp_type": "ACK",
    "self_trade_prevention_mode": "NONE",
    "new_client_order_id": "my-1",
}
PEG: Order = {"peg_price_type": "PRIMARY_PEG", "peg_offset_type": "PRICE_LEVEL", "peg_offset_value": 5}
ALWAYS_ALLOWED = (
    "strategy_id",
    "strategy_type",
    "new_order_resp_type",
    "self_trade_prevention_mode",
    "new_client_order_id",
)
SINGLE = ("trade.place_order", "trade.test_order", "trade.cancel_replace_order")
REPLACED: Order = {"cancel_replace_mode": "ALLOW_FAILURE", "cancel_order_id": 28}


@pytest.fixture(scope="module")
def binance() -> Exchange:
    return Exchange("binance_spot")


def _head(full_name: str, kind: str, side: str = "BUY") -> Order:
    head: Order = {"symbol": "BTCUSDT", "side": side, "type": kind}
    return head | REPLACED if full_name == "trade.cancel_replace_order" else head


def _valid(kind: str) -> Iterator[Order]:
    """Yield orders of a type that its row calls valid, with everything that it may have besides."""
    choices: list[list[str]] = [[]]
    for each in NEEDED[kind]:
        options = [[each]] if isinstance(each, str) else [[one] for one in each]
        if kind in STOPS and not isinstance(each, str):
            options.append(list(each))  # a stop price and a trailing delta may be combined
        choices = [[*chosen, *option] for chosen in choices for option in options]
    extras = [*ALWAYS_ALLOWED, *(["iceberg_qty"] if kind in RESTING else [])]
    for chosen in choices:
        for count in (0, 1, len(extras)):
            for more in combinations(extras, count):
                order = {name: GIVEN[name] for name in (*chosen, *more)}
                yield order
                if kind in RESTING:
                    yield order | PEG
                    yield {name: value for name, value in order.items() if name != "price"} | PEG
                    yield order | {"peg_price_type": "PRIMARY_PEG"}


def _invalid(kind: str) -> Iterator[Order]:
    """Yield orders of a type that lack what its row demands, or have what only others may have."""
    whole = {name: GIVEN[name] for each in NEEDED[kind] for name in ([each] if isinstance(each, str) else each[:1])}
    for each in NEEDED[kind]:
        lacking = {each} if isinstance(each, str) else set(each)
        yield {name: value for name, value in whole.items() if name not in lacking}
    if kind not in RESTING:
        yield whole | {"iceberg_qty": "0.1", "time_in_force": "GTC"}
        yield whole | PEG
    else:
        yield whole | {"iceberg_qty": "0.1", "time_in_force": "IOC"}
        yield whole | {"peg_price_type": "PRIMARY_PEG", "peg_offset_value": 5}
        yield whole | {"peg_price_type": "PRIMARY_PEG", "peg_offset_type": "PRICE_LEVEL"}
        yield whole | PEG | {"peg_offset_value": 101}
        yield whole | {name: value for name, value in PEG.items() if name != "peg_price_type"}
    yield whole | {"strategy_type": 999_999}
    yield whole | {"quantity": "-1"}


@pytest.mark.parametrize("kind", NEEDED)
@pytest.mark.parametrize("full_name", SINGLE)
def test_a_valid_order_is_never_refused(binance: Exchange, full_name: str, kind: str) -> None:
    """With what its type demands and anything that it may have, an order is sent."""
    orders = [_head(full_name, kind, side) | order for side in ("BUY", "SELL") for order in _valid(kind)]
    assert [] == [order for order in orders if not binance.accepts(full_name, order)]


@pytest.mark.parametrize("kind", NEEDED)
@pytest.mark.parametrize("full_name", SINGLE)
def test_an_invalid_order_is_refused(binance: Exchange, full_name: str, kind: str) -> None:
    """Without something that its type demands, or with what belongs to other types, it is not sent."""
    orders = [_head(full_name, kind) | order for order in _invalid(kind)]
    assert [] == [order for order in orders if binance.accepts(full_name, order)]


def test_a_post_only_order_follows_its_own_side_only(binance: Exchange) -> None:
    """Pegged to the opposite side it would take, wherever in a list it stands."""
    head = {"symbol": "BTCUSDT", "side": "SELL", "type": "LIMIT_MAKER", "quantity": "1"}
    orders = [(name, head | (REPLACED if "replace" in name else {}), "") for name in SINGLE]
    orders += [
        ("order_lists.place_oco", _oco("LIMIT_MAKER", "STOP_LOSS"), "above_"),
        ("order_lists.place_oto", _oto("LIMIT_MAKER", "LIMIT_MAKER"), "working_"),
        ("order_lists.place_oto", _oto("LIMIT_MAKER", "LIMIT_MAKER"), "pending_"),
        ("order_lists.place_otoco", _otoco("STOP_LOSS", "TAKE_PROFIT") | {"working_type": "LIMIT_MAKER"}, "working_"),
        ("order_lists.place_otoco", _otoco("LIMIT_MAKER", "STOP_LOSS"), "pending_above_"),
        ("order_lists.place_otoco", _otoco("STOP_LOSS", "LIMIT_MAKER"), "pending_below_"),
    ]
    followed = [
        [binance.accepts(name, order | {f"{prefix}peg_price_type": peg}) for peg in ("PRIMARY_PEG", "MARKET_PEG")]
        for name, order, prefix in orders
    ]
    assert [[True, False]] * len(orders) == followed


def test_smart_routing_takes_limit_and_market_orders(binance: Exchange) -> None:
    """A limit order needs price and time in force; neither takes a notional, and only a limit order hides a part."""
    head = {"symbol": "BTCUSDT", "side": "BUY", "quantity": "1"}
    limit = head | {"type": "LIMIT", "time_in_force": "GTC", "price": "60000"}
    valid = [head | {"type": "MARKET"}, limit, limit | {"iceberg_qty": "0.1"}]
    invalid = [
        head | {"type": "LIMIT"},
        head | {"type": "LIMIT_MAKER", "price": "60000"},
        head | {"type": "MARKET", "iceberg_qty": "0.1"},
        {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET"},
    ]
    for name in ("trade.place_sor_order", "trade.test_sor_order"):
        assert [True] * 3 + [False] * 4 == [binance.accepts(name, order) for order in (*valid, *invalid)]


def _leg(prefix: str, kind: str) -> Order:
    """Return what an order of a list needs, whose quantity stands elsewhere."""
    needed = [each if isinstance(each, str) else each[0] for each in NEEDED[kind]]
    return {f"{prefix}_type": kind} | {f"{prefix}_{name}": GIVEN[name] for name in needed if name != "quantity"}


def _oco(above: str, below: str) -> Order:
    head = {"symbol": "BTCUSDT", "side": "SELL", "quantity": "1"}
    return head | _leg("above", above) | _leg("below", below)


def _working(kind: str) -> Order:
    leg = {"working_side": "BUY", "working_quantity": "1", "working_price": "60000"}
    return {"symbol": "BTCUSDT"} | leg | _leg("working", kind)


def _oto(working: str, pending: str) -> Order:
    return _working(working) | {"pending_side": "SELL", "pending_quantity": "1"} | _leg("pending", pending)


def _otoco(above: str, below: str) -> Order:
    head = _working("LIMIT") | {"pending_side": "SELL", "pending_quantity": "1"}
    return head | _leg("pending_above", above) | _leg("pending_below", below)


LOSSES = ("STOP_LOSS", "STOP_LOSS_LIMIT")
PROFITS = ("LIMIT_MAKER", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT")


def test_an_oco_has_one_stop_loss_and_one_that_is_none(binance: Exchange) -> None:
    """One order limits the loss and the other takes the profit, whichever is above; two of one sort are refused."""
    for name, pair in (("order_lists.place_oco", _oco), ("order_lists.place_otoco", _otoco)):
        pairs = [(a, b) for a in (*LOSSES, *PROFITS) for b in (*LOSSES, "TAKE_PROFIT", "TAKE_PROFIT_LIMIT")]
        sent = {(a, b) for a, b in pairs if binance.accepts(name, pair(a, b))}
        assert {(a, b) for a, b in pairs if (a in LOSSES) != (b in LOSSES)} == sent


@pytest.mark.parametrize("kind", [kind for kind in NEEDED if kind != "MARKET"])
def test_each_order_of_a_list_demands_what_its_type_needs(binance: Exchange, kind: str) -> None:
    """Above, below, working and pending orders are sent with what their rows demand, and not without any of it."""
    other = "STOP_LOSS" if kind in PROFITS else "TAKE_PROFIT"
    lists = [("order_lists.place_oto", _oto("LIMIT", kind), "pending")] * (kind != "MARKET")
    if kind != "LIMIT":
        lists.append(("order_lists.place_oco", _oco(kind, other), "above"))
        lists.append(("order_lists.place_otoco", _otoco(kind, other), "pending_above"))
        lists.append(("order_lists.place_otoco", _otoco(other, kind), "pending_below"))
    for name, order, prefix in lists:
        needed = [f"{prefix}_{each if isinstance(each, str) else each[0]}" for each in NEEDED[kind]]
        missing = [wire for wire in needed if wire in order]
        refused = [wire for wire in missing if not binance.accepts(name, {k: v for k, v in order.items() if k != wire})]
        assert (True, missing) == (binance.accepts(name, order), refused)
