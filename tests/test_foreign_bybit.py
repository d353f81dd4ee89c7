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


def run(tool: str, mock: Mock) -> tuple[dict[str, Any], list[str]]:
    """Return what the two made of a mock exchange, and the requests that it did not accept."""
    keys = [mock.credentials[name] for name in ("api_key", "api_secret")]
    words = [str(PYTHON), str(ROOT / "tests" / "tools" / tool), mock.url, *map(str, keys)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout), [f"{o.operation} {o.verdict}" for o in mock.requests if o.verdict != "accepted"]


@pytest.fixture(scope="module")
def asked() -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Return what both made of the mock exchange, and the requests that it did not accept."""
    with Mock("bybit", remembers=False) as mock:
        yield run("foreign_bybit.py", mock)


@pytest.fixture(scope="module")
def traded() -> Iterator[dict[str, Any]]:
    """Return what both made of their trading in a mock exchange whose markets are at 60,000."""
    with Mock("bybit") as mock:
        for coin, quantity in (("USDT", "1000000"), ("BTC", "10")):
            mock.account.deposit(coin, quantity)
        for market in ("spot", "linear"):
            mock.market("BTCUSDT", market).price("60000")
        found, refused = run("foreign_bybit_trading.py", mock)
        assert [] == refused
        yield found


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


@pytest.mark.parametrize(("market", "tick", "too_small"), [("spot", "0.1", 170136), ("linear", "0.10", 10001)])
def test_pybit_trades(traded: dict[str, Any], market: str, tick: str, too_small: int) -> None:
    """It places, lists, amends, cancels, fills and reads orders as it asked for them; of a batch one is refused."""
    wanted = {
        "opened": ["mine-1", "Buy", "59000", "0.5", "New"],
        "amended": "58000",
        "ended": ["mine-1", "Cancelled", "0"],
        "fill": ["mine-2", "60000", "0.25", False],
        "tick": tick,
        "batch": [["good", "bad"], [0, too_small]],
        "canceled": 1,
    }
    assert wanted == traded["pybit"][market]["traded"]


def test_pybit_is_told_what_happens(traded: dict[str, Any]) -> None:
    """Its streams push each order from its birth to its end, in order, with executions, trades, money and positions."""
    spot, linear = (traded["pybit"][market]["heard"] for market in ("spot", "linear"))
    assert ["New", "New", "Cancelled", "New", "Filled"] == spot["order"][:5] == linear["order"][:5]
    assert ("0.25", "60000", "UNIFIED") == tuple(spot[name][0] for name in ("execution", "trade", "wallet"))
    assert ("0.25", "60000", "0.25") == tuple(linear[name][0] for name in ("execution", "trade", "position"))


def test_pybit_reads_money_and_positions(traded: dict[str, Any]) -> None:
    """One account pays for both markets: 15,000 and its fee in BTC for the coins, and a fee in USDT for the contract."""
    account = traded["pybit"]["account"]
    assert {"USDT": "984991.75000000", "BTC": "10.24975000"} == account["balances"]
    assert [["Buy", "0.25", "60000"]] == account["positions"]


@pytest.mark.parametrize(
    ("market", "pair", "least"), [("spot", "BTC/USDT", 0.000011), ("linear", "BTC/USDT:USDT", 0.001)]
)
def test_ccxt_trades(traded: dict[str, Any], market: str, pair: str, least: float) -> None:
    """ccxt does the same in both markets, and its streams show order, price and book."""
    wanted = {
        "opened": ["buy", 58000.0, 0.4, "open"],
        "canceled": [True, "canceled", 0.0],
        "trade": ["buy", 60000.0, 0.25, "taker"],
        "limits": [0.1, least],
        "watched": [pair],
        "shown": [60000.0, 60000.0],
    }
    assert wanted == traded["ccxt"][market]


def test_ccxt_reads_money_and_positions(traded: dict[str, Any]) -> None:
    """After both, the balances are what two purchases of each have left."""
    assert {"USDT": 969983.5, "BTC": 10.4995} == traded["ccxt"]["free"]
    assert ["long", 0.5, 60000.0] == traded["ccxt"]["position"]
