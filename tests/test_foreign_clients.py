"""Clients of other people trade on the mock exchange, and get what they asked for."""

from __future__ import annotations

import json
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from venues.mock import Mock

ROOT = Path(__file__).parent.parent
PYTHON = ROOT / ".cache" / "foreign" / "bin" / "python"
PATIENCE = 120.0
FEE = Decimal("0.48")
"""Of the market order: 0.02 at 60,000, as taker."""

pytestmark = pytest.mark.skipif(
    not PYTHON.is_file(), reason="ccxt and python-binance are not installed: run `make tools`"
)


def found_by(tool: str) -> tuple[dict[str, Any], Mock]:
    """Run a tool against a mock exchange whose market is at 60,000; return what it found, and the mock exchange."""
    with Mock("aster_futures", remembers=True) as mock:
        mock.account.deposit("USDT", "1000")
        mock.market("BTCUSDT").price("60000")
        words = [str(PYTHON), str(ROOT / "tests" / "tools" / tool), mock.url, *map(str, mock.credentials.values())]
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=PATIENCE)
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout), mock


def test_ccxt_trades_and_follows() -> None:
    """ccxt places, lists, cancels, reads history, fills, balance and positions, and follows streams: all as it asked."""
    found, mock = found_by("foreign_ccxt.py")
    limit, market, sale = mock.orders
    first: dict[str, Any] = {
        "id": str(limit.id),
        "clientOrderId": "foreign-1",
        "symbol": "BTC/USDT:USDT",
        "side": "buy",
    }
    first |= {"type": "limit", "price": 50000.0, "amount": 0.01, "filled": 0.0, "remaining": 0.01}
    opened, canceled = first | {"status": "open"}, first | {"status": "canceled"}
    assert [opened, [opened], opened] == [found["placed"], found["open"], found["fetched"]]
    assert (canceled, []) == (found["canceled"], found["open after"])
    assert [canceled, found["bought"]] == found["history"]
    assert ("closed", 0.02, 60000.0) == tuple(found["bought"][name] for name in ("status", "filled", "average"))
    assert [[str(market.id), "buy", 60000.0, 0.02]] == found["trades"]
    assert float(1000 - FEE) == found["balance"]["total"]
    assert [[0.02, 60000.0]] == [position[1:] for position in found["positions"]]
    assert (str(sale.id), found["sold"], 60000.0) == (found["sold"]["id"], found["watched"], found["last"])


def test_python_binance_trades_and_follows() -> None:
    """python-binance does the same with its USD-M client, and gets the numbers to the last digit."""
    found, mock = found_by("foreign_binance.py")
    limit, market, sale = mock.orders
    for step, status in (("placed", "NEW"), ("fetched", "NEW"), ("canceled", "CANCELED")):
        asked: dict[str, Any] = {
            "orderId": limit.id,
            "clientOrderId": "foreign-1",
            "side": "BUY",
            "type": "LIMIT",
            "status": status,
        }
        asked |= {"origType": "LIMIT", "price": "50000", "origQty": "0.01", "executedQty": "0", "timeInForce": "GTC"}
        assert asked.items() <= found[step].items(), step
    assert ([found["fetched"]], []) == (found["open"], found["open after"])
    assert [limit.id, market.id] == [order["orderId"] for order in found["history"]]
    (trade,) = found["trades"]
    assert (market.id, "0.02", FEE) == (trade["orderId"], trade["qty"], Decimal(trade["commission"]))
    assert [1000 - FEE] == [Decimal(one["balance"]) for one in found["balance"] if one["asset"] == "USDT"]
    assert [("0.02", "60000")] == [(one["positionAmt"], one["entryPrice"]) for one in found["positions"]]
    pushed = {"i": sale.id, "S": "SELL", "o": "LIMIT", "q": "0.03", "p": "70000", "x": "NEW", "X": "NEW", "f": "GTC"}
    assert pushed.items() <= found["watched"]["o"].items()
    assert "60000" == found["ticker"]["data"]["c"]
