"""What calls weigh where that depends on their parameters, as the exchange documents it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.apis import APIS

ASTER = next(api for api in APIS if api.name == "aster_futures")
BY_NAME = {operation.full_name: operation for operation in ASTER.operations}
KLINES = ("market.get_klines", "market.get_index_price_klines", "market.get_mark_price_klines")

WEIGHTS: list[tuple[str, dict[str, Any], int]] = [
    ("trade.get_open_orders", {"symbol": "BTCUSDT"}, 1),
    ("trade.get_open_orders", {}, 40),
    ("trade.get_force_orders", {"symbol": "BTCUSDT"}, 20),
    ("trade.get_force_orders", {}, 50),
    ("market.get_tickers", {"symbol": "BTCUSDT"}, 1),
    ("market.get_tickers", {}, 40),
    ("market.get_last_prices", {"symbol": "BTCUSDT"}, 1),
    ("market.get_last_prices", {}, 2),
    ("market.get_book_tickers", {}, 2),
    *(("market.get_order_book", {"limit": limit}, 2) for limit in (5, 10, 20, 50)),
    ("market.get_order_book", {"limit": 100}, 5),
    ("market.get_order_book", {"limit": 500}, 10),
    ("market.get_order_book", {"limit": 1000}, 20),
    ("market.get_order_book", {}, 10),
    *((name, {"limit": 99}, 1) for name in KLINES),
    *((name, {"limit": 100}, 2) for name in KLINES),
    *((name, {"limit": 499}, 2) for name in KLINES),
    *((name, {"limit": 500}, 5) for name in KLINES),
    *((name, {"limit": 1000}, 5) for name in KLINES),
    *((name, {"limit": 1001}, 10) for name in KLINES),
    *((name, {}, 5) for name in KLINES),
]

BINANCE = next(api for api in APIS if api.name == "binance_spot")
WEIGHTS_OF_LISTS: list[tuple[str, dict[str, Any], int]] = [
    *(("market.get_tickers", {"symbols": [f"S{n}USDT" for n in range(size)]}, weight)
      for size, weight in ((1, 2), (20, 2), (21, 40), (100, 40), (101, 80))),
    ("market.get_tickers", {"symbol": "BTCUSDT"}, 2),
    ("market.get_tickers", {}, 80),
    ("market.get_rolling_tickers", {"symbol": "BTCUSDT"}, 4),
    *(("market.get_rolling_tickers", {"symbols": [f"S{n}USDT" for n in range(size)]}, weight)
      for size, weight in ((1, 4), (3, 12), (50, 200), (51, 200))),
]  # fmt: skip


@pytest.mark.parametrize(("full_name", "arguments", "weight"), WEIGHTS_OF_LISTS)
def test_weight_depends_on_how_many_are_asked_for(full_name: str, arguments: dict[str, Any], weight: int) -> None:
    """A call for a list of symbols costs what the exchange documents for so many."""
    made: Any = BINANCE.client
    with made() as caller:
        operation = next(operation for operation in BINANCE.operations if operation.full_name == full_name)
        assert weight == caller.cost(operation, **arguments)


@pytest.mark.parametrize(("full_name", "arguments", "weight"), WEIGHTS)
def test_weight_depends_on_parameters(full_name: str, arguments: dict[str, Any], weight: int) -> None:
    """The limiter takes what the call will cost, the exchange's default counting where nothing is sent."""
    made: Any = ASTER.client
    with made() as caller:
        assert weight == caller.cost(BY_NAME[full_name], **arguments)


def test_orders_are_counted_beside_their_weight() -> None:
    """Placing orders takes from the limit of orders, too."""
    limits = {name: {cost.limit for cost in operation.costs} for name, operation in BY_NAME.items()}
    assert {"trade.place_order", "trade.place_orders"} == {name for name, used in limits.items() if "orders" in used}
