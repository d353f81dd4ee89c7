"""What Bybit's tables allow and demand of an order in each category, as an oracle beside the spec.

What a table allows must never be refused, what it forbids is not sent, and what it leaves open is in neither list.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.preparing import Exchange

Order = dict[str, Any]

CONDITIONAL: Order = {"trigger_price": "58000"}
EXITS: Order = {"take_profit": "70000", "stop_loss": "50000"}
LIMIT_EXITS: Order = EXITS | {
    "tp_order_type": "Limit",
    "sl_order_type": "Limit",
    "tp_limit_price": "69000",
    "sl_limit_price": "51000",
}
CONTRACTS: list[Order] = [
    CONDITIONAL | {"trigger_direction": 1, "trigger_by": "MarkPrice"},
    EXITS,
    EXITS | {"tpsl_mode": "Full", "tp_trigger_by": "MarkPrice", "sl_trigger_by": "IndexPrice"},
    EXITS | {"tpsl_mode": "Full", "tp_order_type": "Market", "sl_order_type": "Market"},
    LIMIT_EXITS | {"tpsl_mode": "Partial"},
    {"reduce_only": True},
    {"reduce_only": True, "close_on_trigger": True},
    {"qty": "0", "reduce_only": True, "close_on_trigger": True},
    {"reduce_only": False, "take_profit": "70000"},
    {"position_idx": 1},
]
ALLOWED: dict[str, list[Order]] = {
    "linear": CONTRACTS,
    "inverse": CONTRACTS,
    "spot": [
        {"is_leverage": 1},
        CONDITIONAL | {"order_filter": "tpslOrder"},
        CONDITIONAL | {"order_filter": "StopOrder"},
        {"order_filter": "Order"},
    ],
    "option": [{"mmp": True}, {"reduce_only": True}, {"order_iv": "0.1"}],
}
EVERYWHERE: list[Order] = [
    {},
    {"smp_type": "CancelMaker"},
    {"time_in_force": "IOC"},
    {"time_in_force": "GTC"},
    {"order_link_id": "my-1"},
    {"position_idx": 0},
]
OF_LIMIT_ORDERS: dict[str, list[Order]] = {
    "linear": [{"bbo_side_type": "Queue", "bbo_level": 1}, {"time_in_force": "PostOnly"}],
    "inverse": [{"bbo_side_type": "Counterparty", "bbo_level": 5}, {"time_in_force": "RPI"}],
    "spot": [EXITS, LIMIT_EXITS, EXITS | {"tp_order_type": "Market"}],
    "option": [{"time_in_force": "FOK"}],
}
OF_MARKET_ORDERS: dict[str, list[Order]] = {
    "linear": [
        {"price": "60000"},
        {"slippage_tolerance_type": "TickSize", "slippage_tolerance": "1"},
        {"slippage_tolerance_type": "TickSize", "slippage_tolerance": "10000"},
        {"slippage_tolerance_type": "Percent", "slippage_tolerance": "0.01"},
        {"slippage_tolerance_type": "Percent", "slippage_tolerance": "10"},
    ],
    "inverse": [{"price": "60000"}],
    "spot": [{"market_unit": "baseCoin"}, {"market_unit": "quoteCoin"}],
    "option": [{"price": "60000"}],
}


def _bybit(category: str, kind: str) -> Order:
    order: Order = {"category": category, "symbol": "BTCUSDT", "side": "Buy", "order_type": kind, "qty": "1"}
    order |= {"price": "60000"} if kind == "Limit" else {}
    return order | ({"order_link_id": "my-1"} if category == "option" else {})


@pytest.fixture(scope="module")
def bybit() -> Exchange:
    return Exchange("bybit")


@pytest.mark.parametrize("category", ALLOWED)
def test_what_a_category_allows_is_never_refused(bybit: Exchange, category: str) -> None:
    """Limit and market orders of each category are sent with all that its rows allow."""
    limit = [_bybit(category, "Limit") | more for more in (*EVERYWHERE, *ALLOWED[category], *OF_LIMIT_ORDERS[category])]
    market = [
        _bybit(category, "Market") | more for more in (*EVERYWHERE, *ALLOWED[category], *OF_MARKET_ORDERS[category])
    ]
    assert [] == [order for order in (*limit, *market) if not bybit.accepts("trade.place_order", order)]


BATCHED = {"bbo_side_type", "slippage_tolerance_type"}


@pytest.mark.parametrize("category", ALLOWED)
def test_a_batch_takes_what_single_orders_take(bybit: Exchange, category: str) -> None:
    """All but the prices of the book and the slippage tolerance, which its table lacks."""
    allowed = [*EVERYWHERE, *ALLOWED[category], *OF_LIMIT_ORDERS[category]]
    batches = []
    for more in allowed:
        order = _bybit(category, "Limit") | more
        order.pop("category")
        if not BATCHED & order.keys():
            batches.append({"category": category, "request": [order]})
    assert [] == [batch for batch in batches if not bybit.accepts("trade.place_orders", batch)]


LINEAR = _bybit("linear", "Limit")
SPOT = _bybit("spot", "Limit")
OPTION = _bybit("option", "Limit")
TICKS: Order = {"slippage_tolerance_type": "TickSize", "slippage_tolerance": "5"}
WRONG: list[Order] = [
    {name: value for name, value in LINEAR.items() if name != "price"},
    {name: value for name, value in OPTION.items() if name != "order_link_id"},
    LINEAR | {"reduce_only": True, "take_profit": "70000"},
    LINEAR | LIMIT_EXITS,
    LINEAR | LIMIT_EXITS | {"tpsl_mode": "Full"},
    LINEAR | {"qty": "0"},
    LINEAR | {"qty": "0", "reduce_only": True},
    SPOT | {"qty": "0"},
    LINEAR | {"qty": "-1"},
    SPOT | {"order_filter": "tpslOrder"},
    SPOT | {"take_profit": "70000", "tp_order_type": "Limit"},
    _bybit("spot", "Market") | EXITS,
    LINEAR | {"market_unit": "baseCoin"},
    LINEAR | {"order_filter": "Order"},
    LINEAR | {"order_iv": "0.1"},
    LINEAR | {"mmp": True},
    SPOT | {"trigger_direction": 1},
    SPOT | {"tpsl_mode": "Partial"},
    SPOT | {"close_on_trigger": True},
    OPTION | {"tp_trigger_by": "LastPrice"},
    LINEAR | {"order_link_id": "a" * 37},
    LINEAR | {"order_link_id": "with a blank"},
    LINEAR | TICKS,
    _bybit("linear", "Market") | TICKS | CONDITIONAL,
    _bybit("linear", "Market") | {"slippage_tolerance": "5"},
    _bybit("linear", "Market") | TICKS | {"slippage_tolerance": "0.5"},
    _bybit("linear", "Market") | TICKS | {"slippage_tolerance": "10001"},
    _bybit("linear", "Market") | {"slippage_tolerance_type": "Percent", "slippage_tolerance": "10.01"},
    LINEAR | {"bbo_side_type": "Queue"},
    LINEAR | {"bbo_side_type": "Queue", "bbo_level": 6},
]


@pytest.mark.parametrize("order", WRONG, ids=str)
def test_what_a_table_forbids_is_refused(bybit: Exchange, order: Order) -> None:
    """An order that lacks what its category demands, or has what only another one has, is not sent."""
    assert not bybit.accepts("trade.place_order", order)


@pytest.mark.parametrize("name", ["place_orders", "amend_orders", "cancel_orders"])
def test_a_batch_is_as_long_as_its_category_allows(bybit: Exchange, name: str) -> None:
    """Spot takes ten orders, the others twenty."""
    order = {name: value for name, value in OPTION.items() if name != "category"}
    items = {"place_orders": order, "amend_orders": {"symbol": "BTCUSDT", "order_id": "1", "qty": "1"}}
    item = items.get(name, {"symbol": "BTCUSDT", "order_id": "1"})
    for category, most in (("spot", 10), ("linear", 20), ("option", 20)):
        sent = [
            bybit.accepts(f"trade.{name}", {"category": category, "request": [item] * size})
            for size in (1, most, most + 1)
        ]
        assert [True, True, False] == sent
