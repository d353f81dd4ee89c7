"""Clients of other people trade spot on the mock exchange, and get what they asked for."""

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
FEE = Decimal("0.00003")
"""Of the market order: 0.02 BTC, as taker, in what is received."""

pytestmark = pytest.mark.skipif(
    not PYTHON.is_file(), reason="ccxt and python-binance are not installed: run `make tools`"
)


def found_by(client: str) -> tuple[dict[str, Any], Mock]:
    """Let a client trade on a mock exchange whose market is at 60,000; return what it found, and the mock exchange."""
    with Mock("binance_spot") as mock:
        mock.account.deposit("USDT", "10000")
        mock.market("BTCUSDT").price("60000")
        keys = [mock.credentials[name] for name in ("api_key", "api_secret")]
        words = [str(PYTHON), str(ROOT / "tests" / "tools" / "foreign_spot.py"), client, mock.url, *keys]
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=PATIENCE)
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout), mock


def test_ccxt_trades_and_follows() -> None:
    """ccxt knows the market, places, lists, cancels, reads history, fills and balance, and follows streams."""
    found, mock = found_by("ccxt")
    limit, market, former, replacement, sale = mock.orders
    first: dict[str, Any] = {"id": str(limit.id), "clientOrderId": "foreign-1", "symbol": "BTC/USDT", "side": "buy"}
    first |= {"type": "limit", "price": 50000.0, "amount": 0.01, "filled": 0.0, "remaining": 0.01}
    opened, canceled = first | {"status": "open"}, first | {"status": "canceled"}
    assert [opened, [opened], opened] == [found["placed"], found["open"], found["fetched"]]
    # Of a cancel the exchange shows the id of the cancel itself.
    assert (canceled, []) == (found["canceled"] | {"clientOrderId": "foreign-1"}, found["open after"])
    assert [canceled, found["bought"], found["edited"]] == [*found["history"][:2], found["history"][3]]
    assert (str(replacement.id), 41000.0) == (found["edited"]["id"], found["edited"]["price"])
    assert ("cancelled", "open") == (former.status, replacement.status)
    assert ("closed", 0.02, 60000.0) == tuple(found["bought"][name] for name in ("status", "filled", "average"))
    assert [[str(market.id), "buy", 60000.0, 0.02, float(FEE)]] == found["trades"]
    assert float(Decimal("0.02") - FEE) == found["balance"]["BTC"]["total"]
    assert 8800.0 == found["balance"]["USDT"]["total"]
    assert (0.01, 1e-05, 5.0) == (*map(found["precision"].get, ("price", "amount")), found["limits"]["cost"]["min"])
    assert (str(sale.id), found["sold"], 60000.0) == (found["sold"]["id"], found["watched"], found["last"])
    assert 60000.0 == found["asks"][0][0]


def test_python_binance_trades_and_follows() -> None:
    """python-binance does the same, and gets the numbers to the last digit."""
    found, mock = found_by("python-binance")
    limit, market, sale = mock.orders
    asked = {"orderId": limit.id, "side": "BUY", "type": "LIMIT", "price": "50000", "origQty": "0.01"}
    for step, status in (("placed", "NEW"), ("fetched", "NEW"), ("canceled", "CANCELED")):
        assert (asked | {"status": status, "executedQty": "0", "timeInForce": "GTC"}).items() <= found[step].items()
    assert ("foreign-1", "foreign-1") == (found["fetched"]["clientOrderId"], found["canceled"]["origClientOrderId"])
    assert ([], [found["fetched"]], []) == (found["placed"]["fills"], found["open"], found["open after"])
    assert [limit.id, market.id] == [order["orderId"] for order in found["history"]]
    (fill,), (trade,) = found["bought"]["fills"], found["trades"]
    for one in (fill, trade):
        assert ("0.02", FEE, "BTC") == (one["qty"], Decimal(one["commission"]), one["commissionAsset"])
    assert (market.id, fill["tradeId"]) == (trade["orderId"], trade["id"])
    assert ("8800.00", "0.00") == (found["balance"]["free"], found["balance"]["locked"])
    assert "BTC" == found["instrument"]["baseAsset"]
    pushed = {"e": "executionReport", "i": sale.id, "c": sale.client_id, "S": "SELL", "o": "LIMIT", "X": "NEW"}
    assert (pushed | {"q": "0.01", "p": "70000", "f": "GTC", "Q": "0.00000000"}).items() <= found["watched"].items()
    assert "60000" == found["ticker"]["data"]["c"]
