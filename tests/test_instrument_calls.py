"""Instruments of every API, asked for at the mock exchange."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.support import mocks
from tests.support.apis import APIS, Api
from venues.aster_futures import AsterFutures
from venues.bingx_swap import BingXSwap
from venues.core.trading.sources import Fact, InstrumentSource, Trading
from venues.errors import DecodeError, InvalidRequest
from venues.hibt_futures import HibtFutures, examples
from venues.instruments import Instrument
from venues.mock import Fault, Mock, Received


@pytest.fixture(params=APIS, ids=lambda api: api.name)
def api(request: pytest.FixtureRequest) -> Api:
    found: Api = request.param
    return found


@pytest.fixture
def mock(api: Api) -> Iterator[Mock]:
    with Mock(api.name, remembers=False) as made:
        yield made


def sources(api: Api) -> int:
    """Count the requests that it takes to know all instruments."""
    return len(api.client.PROFILE.trading().instruments)


def test_every_api_has_instruments_that_round(api: Api, mock: Mock) -> None:
    """Each instrument has a tick and a step, and rounded numbers are on them."""
    with mocks.client(api, mock) as client:
        instruments = client.instruments()
    assert instruments
    for symbol, instrument in instruments.items():
        assert symbol == instrument.symbol
        price = instrument.price("1234.56789", rounding="down")
        quantity = instrument.quantity("1234.56789", rounding="up")
        assert not {"tick", "step"} & instrument.check(price=price, quantity=quantity).rejected.keys()


def test_a_pair_is_found_by_its_coins(api: Api, mock: Mock) -> None:
    """BTC/USDT becomes a symbol whose instrument is BTC for USDT, and that calls take."""
    with mocks.client(api, mock) as client:
        first = next(one for one in client.instruments().values() if one.base and one.quote)
        symbol = client.symbols.find(f"{first.base}/{first.quote}")
        assert first == client.instrument(symbol)
        assert symbol == client.symbols.find(symbol)


def test_instruments_are_asked_for_once(api: Api, mock: Mock) -> None:
    """They are remembered until the caller wants them fresh."""
    with mocks.client(api, mock) as client:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: client.instruments(), range(8)))
        assert sources(api) == len(mock.requests)
        client.instruments(refresh=True)
        assert 2 * sources(api) == len(mock.requests)


async def test_tasks_share_one_question(api: Api, mock: Mock) -> None:
    """Tasks that want instruments at the same time wait for the first."""
    async with mocks.async_client(api, mock) as client:
        answers = await asyncio.gather(*(client.instruments() for _ in range(8)))
        symbol = next(iter(answers[0]))
        assert symbol == await client.symbols.find(symbol)
        assert symbol == (await client.instrument(symbol)).symbol
    assert sources(api) == len(mock.requests)


def test_an_unknown_symbol_is_an_error(api: Api, mock: Mock) -> None:
    """The error has a hint at what is traded."""
    with mocks.client(api, mock) as client:
        symbol = next(iter(client.instruments()))
        with pytest.raises(InvalidRequest, match=f"did you mean '{symbol}'"):
            client.instrument(f"{symbol}X")


def test_after_a_failure_the_next_call_asks_again(api: Api, mock: Mock) -> None:
    """What could not be loaded is not remembered as nothing."""
    source = api.client.PROFILE.trading().instruments[0]
    with mocks.client(api, mock) as client:
        mock.fault(source.operation, Fault.MALFORMED)
        with pytest.raises(DecodeError):
            client.instruments()
        assert client.instruments()


BTC = Instrument(
    symbol="BTCUSDT",
    base="BTC",
    quote="USDT",
    margin="USDT",
    status="TRADING",
    is_tradable=True,
    tick=Decimal("0.1"),
    min_price=Decimal("0.1"),
    max_price=Decimal(1_000_000),
    step=Decimal("0.001"),
    min_quantity=Decimal("0.001"),
    max_quantity=Decimal(1000),
    market_step=Decimal("0.001"),
    market_min_quantity=Decimal("0.001"),
    market_max_quantity=Decimal(120),
    counts_from_minimum=True,
    min_notional=Decimal(5),
    max_orders=200,
)


def test_filters_become_limits() -> None:
    """What an exchange spreads over a list of filters is in one place."""
    with Mock("aster_futures", remembers=False) as mock, AsterFutures(base_url=mock.url) as client:
        assert BTC == client.instrument("BTCUSDT")


def test_parts_of_two_answers_become_one_instrument() -> None:
    """Digits of one answer and coins of another are joined, and digits become steps."""
    with Mock("hibt_futures", remembers=False) as mock, HibtFutures(base_url=mock.url) as client:
        btc = client.instrument(client.symbols.find("BTC/USDT"))
    assert ("btc_usdt", "BTC", "USDT") == (btc.symbol, btc.base, btc.quote)
    assert (Decimal("0.1"), Decimal("0.001"), True) == (btc.tick, btc.step, btc.is_tradable)


def test_a_contract_says_what_it_is_worth() -> None:
    """Where quantities are contracts, the instrument has the worth of one."""
    with Mock("bingx_swap", remembers=False) as mock, BingXSwap(base_url=mock.url) as client:
        assert Decimal("0.0001") == client.instrument("BTC-USDT").contract_size


def test_instruments_that_come_in_pages_are_all_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the exchange returns them page by page, none is missing."""
    # No exchange here pages its instruments, so that another list stands for them.
    source = InstrumentSource("conditional.get_finished_orders", (), (Fact("symbol", ("symbol",), form="text"),))
    monkeypatch.setattr(
        HibtFutures, "PROFILE", replace(HibtFutures.PROFILE, trading=lambda: Trading(instruments=(source,)))
    )
    order = json.loads(examples.EXAMPLES[source.operation].response)["data"]["data"][0]

    def page(received: Received) -> dict[str, Any]:
        number, size = (int(str(received.arguments.get(name, 1))) for name in ("pageIndex", "pageSize"))
        shown = range(123)[(number - 1) * size :][:size]
        return {"page": number, "total": 123, "data": [{**order, "id": str(n), "symbol": f"{n}_usdt"} for n in shown]}

    with Mock("hibt_futures", remembers=False) as mock, HibtFutures(**mock.credentials, base_url=mock.url) as client:
        mock.answer(source.operation, page)
        assert [f"{n}_usdt" for n in range(123)] == list(client.instruments())
