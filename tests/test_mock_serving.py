"""`venues mock` for people: markets that move by themselves, and a state that outlives the process."""

from __future__ import annotations

import signal
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.apis import APIS, Api
from tests.support.mocks import client
from tests.support.orders import OrderCall
from tests.support.owner import coins_of
from tests.support.traders import PLACES, OneMarket, label
from tests.test_command_line import _until_address, command, environment
from venues.mock import Mock
from venues.mock.serving import Served

EACH = pytest.mark.parametrize(("api", "place"), PLACES, ids=label)
FIRST = APIS[0]


def served(api: str, state: Path | None = None, seed: int = 0) -> Served:
    return Served(api, host="127.0.0.1", port=0, state=state, seed=seed)


@EACH
def test_the_state_outlives_a_restart(api: Api, place: OrderCall, tmp_path: Path) -> None:
    """Orders, fills, prices and money are the same after a restart, and new orders get new ids."""
    state = tmp_path / "state.jsonl"
    symbol, market = str(place.example["symbol"]), place.market or None
    with served(api.name, state) as before, client(api, before) as caller:
        before.open(symbol, Decimal(60000))
        caller.call(place.operation, **place.arguments("buy", price="60100", quantity="5", client_id="mine-1"))
        caller.call(place.operation, **place.arguments("buy", price="50000", quantity="5", client_id="mine-2"))
        before.move(symbol, Decimal(55000), Decimal("0.5"), market=market)
        before.move(symbol, Decimal(49000), Decimal(2), market=market)
        known = (before.orders, before.fills, before.account.balances, before.account.positions)
    assert ["filled", "open"] == [order.status for order in known[0]]
    with served(api.name, state) as after, client(api, after) as caller:
        after.open(symbol, Decimal(70000))
        assert known == (after.orders, after.fills, after.account.balances, after.account.positions)
        assert Decimal(49000) == after.price_of(symbol, market)
        caller.call(place.operation, **place.arguments("buy", price="40000", quantity="5", client_id="mine-3"))
        assert 3 == len({order.id for order in after.orders})


@EACH
def test_a_test_can_keep_its_state(api: Api, place: OrderCall, tmp_path: Path) -> None:
    """Deposits, prices, trades, books, fees and a new beginning are done again, at the times at which they were done."""
    state, symbol = tmp_path / "state.jsonl", str(place.example["symbol"])
    wallet = place.declared.wallet or None
    where = {"symbol": symbol} if place.spec.wallets[wallet or ""].per_symbol else {}
    with OneMarket(api.name, place, state=state) as before, client(api, before) as caller:
        before.market(symbol).price("1")
        before.forget()
        before.account.set_fees(maker="0.01", taker="0.02")
        for coin in coins_of(before, symbol):
            before.account.deposit(coin, "1000000", wallet=wallet, **where)
        before.market(symbol).book(bids=[("60000", "1")], asks=[("60010", "2")])
        caller.call(place.operation, **place.arguments("buy", price="60010", quantity="3", client_id="mine-1"))
        before.market(symbol).trade("60010", "0.5")
        known = (before.orders, before.fills, before.account.balances, before.account.positions, before.account.ledger)
    assert [Decimal(2), Decimal("0.5")] == [fill.quantity for fill in known[1]]
    after = OneMarket(api.name, place, state=state)
    assert known == (after.orders, after.fills, after.account.balances, after.account.positions, after.account.ledger)
    assert Decimal("0.5") == after.market(symbol).trade("60010", "9")[0].quantity
    after.stop()


def test_there_must_be_something_to_keep(tmp_path: Path) -> None:
    """A mock exchange that plays back examples has no state."""
    with pytest.raises(ValueError, match="keeps no orders"):
        Mock(FIRST.name, remembers=False, state=tmp_path / "state.jsonl")


def test_half_a_line_is_forgotten(tmp_path: Path) -> None:
    """What a crash left behind in the middle of a line does not spoil the rest."""
    state = tmp_path / "state.jsonl"
    with served(FIRST.name, state) as before:
        before.open("BTCUSDT", Decimal(60000))
    with state.open("a") as file:
        file.write('{"at":17951')
    with served(FIRST.name, state) as after:
        assert Decimal(60000) == after.price_of("BTCUSDT")
        after.move("BTCUSDT", Decimal(61000))
    with served(FIRST.name, state) as third:
        assert Decimal(61000) == third.price_of("BTCUSDT")


@pytest.mark.parametrize(
    "line",
    [
        "{bad",
        '{"at":1}',
        '{"at":1,"call":"trade.fly","arguments":{}}',
        '{"at":1,"does":"fly","symbol":"BTCUSDT","with":{}}',
        '{"at":1,"does":"__init__","symbol":"BTCUSDT","with":{"symbol":"A","turn":1}}',
        '{"at":1,"account":"deposit","with":{"coin":"USDT","quantity":"much"}}',
    ],
)
def test_a_line_that_can_not_be_done_again_is_named(line: str, tmp_path: Path) -> None:
    """What is damaged, or comes from the state of another API, is refused with file and line, and stays as it is."""
    state = tmp_path / "state.jsonl"
    state.write_text(f"{line}\n")
    with pytest.raises(ValueError, match=r"state\.jsonl, line 1: "):
        served(FIRST.name, state)
    assert f"{line}\n" == state.read_text()


def test_another_file_is_no_state(tmp_path: Path) -> None:
    """A file that is something else is refused, with the line, and left as it is."""
    state = tmp_path / "notes.txt"
    state.write_text("[1]\n")
    with pytest.raises(ValueError, match=r"notes\.txt, line 1: this is no state"):
        served(FIRST.name, state)
    assert "[1]\n" == state.read_text()


def test_a_walk_can_be_repeated() -> None:
    """The same seed makes the same steps, another seed others; prices have as many digits as the first."""

    def steps(seed: int) -> list[Any]:
        mock = served(FIRST.name, seed=seed)
        mock.open("BTCUSDT", Decimal("60000.0"))
        found = []
        for _ in range(20):
            mock.walk("BTCUSDT", 1)
            found.append(mock.price_of("BTCUSDT"))
        return found

    assert steps(7) == steps(7) != steps(8)
    assert {-1} == {price.as_tuple().exponent for price in steps(7)}
    assert len(set(steps(7))) > 10


def test_the_command_opens_a_market(tmp_path: Path) -> None:
    """A market on the command line is there when it listens, and the state when it has ended."""
    state = tmp_path / "state.jsonl"
    words = [
        "mock",
        FIRST.name,
        "--port",
        "0",
        "--market",
        "BTCUSDT=60000",
        "--walk",
        "--seed",
        "7",
        "--state",
        str(state),
    ]
    with subprocess.Popen(
        command(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    ) as process:
        _until_address(process)
        process.send_signal(signal.SIGTERM)
        assert "" == process.communicate()[1]
    assert '"symbol":"BTCUSDT"' in state.read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--market", "BTCUSDT"], "--market is 'BTCUSDT'; it must look like BTCUSDT=60000"),
        (["--market", "BTCUSDT=0.0"], "it must look like BTCUSDT=60000"),
        (["--market", "NOTHING=1"], "has no symbol 'NOTHING'"),
        (["--walk"], "--walk needs a market"),
    ],
)
def test_wrong_options_are_told(words: list[str], said: str) -> None:
    """What can't be meant is refused before anything listens."""
    done = subprocess.run(
        command("mock", FIRST.name, "--port", "0", *words),
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert said in done.stderr
    assert done.returncode != 0
