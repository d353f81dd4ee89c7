"""The past of a market on a mock exchange: years of candles that are read page by page, and take no memory."""

from __future__ import annotations

import inspect
import itertools
import tracemalloc
from decimal import Decimal
from typing import Any

import pytest

from tests.support.apis import APIS, Api
from tests.support.mocks import client
from venues.binance_spot import BinanceSpot
from venues.core.request.operation import Operation
from venues.mock import Mock
from venues.mock.books.candles import Candles
from venues.mock.books.past import HOUR, MINUTE, Past
from venues.mock.declared.api import load_api

NOW = 1_795_132_800_000
DAY = 24 * HOUR
MEGABYTE = 1 << 20


def candle_calls() -> list[tuple[Api, Operation[Any]]]:
    """Return the calls that list candles page by page, where the mock exchange remembers."""
    found = []
    for api in APIS:
        declared = load_api(api.name).by_name
        for operation in api.operations:
            things = declared[operation.full_name].things
            if things is not None and things.paging and any(holder.thing == "candle" for holder in things.holders):
                found.append((api, operation))
    return found


CALLS = pytest.mark.parametrize(
    ("api", "operation"), candle_calls(), ids=lambda value: getattr(value, "full_name", getattr(value, "name", ""))
)


@CALLS
def test_history_is_read_to_its_end(api: Api, operation: Operation[Any]) -> None:
    """Read page by page, every minute of a day comes once, in order, and prices go on where they stopped."""
    given = minutes_of_a_day(api, operation)
    with Mock(api.name, remembers=True, clock=lambda: NOW) as mock, client(api, mock, clock=lambda: NOW) as caller:
        mock.history(given["symbol"], "730d", "60000")
        iterate = getattr(getattr(caller, operation.group), f"iter_{operation.name.removeprefix('get_')}")
        known = inspect.signature(iterate).parameters
        found = list(iterate(**{name: value for name, value in given.items() if name in known}))
    assert DAY // MINUTE + 1 == len({repr(one) for one in found}) == len(found)


def minutes_of_a_day(api: Api, operation: Operation[Any]) -> dict[str, Any]:
    """Return the arguments with which the candles of the last day are asked for, one a minute."""
    things, paging = load_api(api.name).by_name[operation.full_name].things, operation.paging
    assert things is not None
    assert paging is not None
    example = api.arguments(operation)
    given = {param.name: example[param.name] for param in operation.by_wire.values() if param.required}
    for sent in things.sent:
        if sent.phrase == "step":
            given[operation.by_wire[sent.wire].name] = next(v for v, words in sent.says.items() if words == ("1m",))
    for wire, at in ((paging.start, NOW - DAY), (paging.end, NOW)):
        assert wire is not None
        param = operation.by_wire[wire]
        given[param.name] = at // 1000 if example.get(param.name, at) < 10**11 else at
    return given


def test_candles_of_all_lengths_agree() -> None:
    """An hour has the first, highest, lowest and last price of its minutes, and all that they traded; so has a day."""
    candles = Candles()
    candles.past = Past(NOW - 3 * 24 * HOUR, NOW, Decimal("60000.0"), seed=3)
    minutes = [*candles.between(MINUTE, NOW - 48 * HOUR, NOW - MINUTE)]
    for step in (15 * MINUTE, HOUR, 24 * HOUR):
        for whole in candles.between(step, NOW - 48 * HOUR, NOW - step):
            parts = [one for one in minutes if whole.at <= one.at < whole.at + step]
            assert step // MINUTE == len(parts)
            assert (parts[0].open, parts[-1].close) == (whole.open, whole.close)
            assert (max(p.high for p in parts), min(p.low for p in parts)) == (whole.high, whole.low)
            assert sum(part.quantity for part in parts) == whole.quantity
    assert Decimal(60000) == minutes[-1].close
    assert all(before.close == after.open for before, after in itertools.pairwise(minutes))


def test_what_is_traded_now_continues_the_past() -> None:
    """Trades after the history make candles of their own; where nothing was traded, the last price holds."""
    candles = Candles()
    candles.past = Past(NOW - HOUR, NOW, Decimal(60000))
    candles.note(Decimal(61000), Decimal(2), NOW + 3 * MINUTE)
    found = [*candles.between(MINUTE, NOW - MINUTE, NOW + 4 * MINUTE)]
    assert [Decimal(60000), *[Decimal(60000)] * 3, Decimal(61000), Decimal(61000)] == [one.close for one in found]
    assert (Decimal(2), Decimal(122000)) == (found[4].quantity, found[4].value)


def test_years_take_no_memory() -> None:
    """A page of fifty thousand and more candles costs what a page costs."""
    candles = Candles()
    candles.past = Past(NOW - 2 * 365 * 24 * HOUR, NOW, Decimal(60000))
    tracemalloc.start()
    try:
        every = candles.between(MINUTE, 0, NOW)
        page = every[-1500:]
        assert (1_051_201, 1500) == (len(every), len(page))
        assert tracemalloc.get_traced_memory()[1] < 2 * MEGABYTE
    finally:
        tracemalloc.stop()


def test_a_history_needs_a_price() -> None:
    """Without a price of now the past has no end to lead to."""
    mock = Mock(APIS[0].name)
    with pytest.raises(ValueError, match="BTCUSDT has no price yet"):
        mock.history("BTCUSDT", "1d")
    mock.market("BTCUSDT").price("100")
    mock.history("BTCUSDT", "1d")


@pytest.mark.parametrize(
    "name", ["get_tickers", "get_trading_day_tickers", "get_rolling_tickers", "get_last_prices", "get_book_tickers"]
)
def test_a_list_of_symbols_gets_their_prices_alone(name: str) -> None:
    """Of three markets that a test has moved, those are shown that `symbols` names."""
    with Mock("binance_spot") as mock, BinanceSpot(**mock.credentials, base_url=mock.url) as client:
        for symbol in ("BTCUSDT", "ETHUSDT", "BNBUSDT"):
            mock.market(symbol).price("600")
        shown = getattr(client.market, name)(symbols=["BNBUSDT", "BTCUSDT"])
        assert {"BTCUSDT", "BNBUSDT"} == {ticker.symbol for ticker in shown}
