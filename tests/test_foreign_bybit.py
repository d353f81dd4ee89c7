"""pybit and ccxt read Bybit's account on the mock exchange, and follow its streams, as they do on the exchange."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from venues.mock import Mock

ROOT = Path(__file__).parent.parent
PYTHON = ROOT / ".cache" / "foreign" / "bin" / "python"
PATIENCE = 120.0

pytestmark = pytest.mark.skipif(not PYTHON.is_file(), reason="ccxt and pybit are not installed: run `make tools`")


@pytest.fixture(scope="module")
def asked() -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Return what both made of the mock exchange, and the requests that it did not accept."""
    with Mock("bybit", remembers=False) as mock:
        keys = [mock.credentials[name] for name in ("api_key", "api_secret")]
        words = [str(PYTHON), str(ROOT / "tests" / "tools" / "foreign_bybit.py"), mock.url, *map(str, keys)]
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=PATIENCE)
        assert done.returncode == 0, done.stderr[-2000:]
        yield json.loads(done.stdout), [
            f"{one.operation} {one.verdict}" for one in mock.requests if one.verdict != "accepted"
        ]


def test_every_request_is_accepted(asked: tuple[dict[str, Any], list[str]]) -> None:
    """Whatever the two send has the parameters, places and signatures that the specification says."""
    assert [] == asked[1]


def test_pybit_reads_the_account(asked: tuple[dict[str, Any], list[str]]) -> None:
    """The exchange's own client finds what it looks for where it looks for it, in eleven calls."""
    read = {"equity": "12738.41", "position": "0.25", "leverage": "OK", "stop": "OK", "pnl": "5.77", "ledger": 2}
    read |= {"transfers": "SUCCESS", "deposits": "USDT", "withdrawals": "success", "margin": "1", "key": 100307601}
    assert read == asked[0]["pybit"]


def test_pybit_follows_the_streams(asked: tuple[dict[str, Any], list[str]]) -> None:
    """It logs in, and gets the pushes of all that it subscribes to."""
    heard = {"order": "Filled", "execution": "0.5", "fast execution": "61250.1", "position": "61125.1"}
    heard |= {"wallet": "12738.41", "greeks": "ETH", "trade": "BTCUSDT"}
    assert heard == asked[0]["streams"]


def test_ccxt_reads_and_follows(asked: tuple[dict[str, Any], list[str]]) -> None:
    """ccxt knows the markets, and reads balances, positions, ledger, transfers and streams as its own types."""
    found = asked[0]["ccxt"]
    assert (12707.16, ["long", 0.25, 61125.1]) == (found["free"], found["position"])
    assert ("OK", ["trade", "trade"], ["ok"], "ok") == tuple(
        found[name] for name in ("leverage", "ledger", "transfers", "transferred")
    )
    assert ("closed", 0.5, 61125.1, 12707.16) == tuple(found[name] for name in ("order", "trade", "watched", "balance"))
