"""Instruments from answers: filters, digits, parts of several answers, and spellings."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace as Obj

import pytest

from venues.core.trading.instrument import Instrument
from venues.core.trading.reading import read_instruments
from venues.core.trading.sources import Fact, InstrumentSource
from venues.core.trading.spelling import find_instrument, find_symbol
from venues.errors import InvalidRequest

D = Decimal
SYMBOL = Fact("symbol", ("symbol",), form="text")
LOT = (("filter_type", ("LOT_SIZE",)),)
MARKET_LOT = (("filter_type", ("MARKET_LOT_SIZE",)),)
FILTERS = InstrumentSource(
    "market.get_info",
    ("symbols",),
    (
        SYMBOL,
        Fact("status", ("status",), form="text"),
        Fact("tick", ("filters", "tick_size")),
        Fact("max_price", ("filters", "max_price")),
        Fact("min_quantity", ("filters", "min_qty"), when=LOT),
        Fact("market_min_quantity", ("filters", "min_qty"), when=MARKET_LOT),
        Fact("max_orders", ("filters", "limit"), form="integer"),
    ),
    tradable=("TRADING",),
    halted=("HALT",),
)
PRICE_FILTER = Obj(filter_type="PRICE_FILTER", tick_size=D("0.1"), max_price=D(0), min_qty=None, limit=None)
LOTS = [
    Obj(filter_type="MARKET_LOT_SIZE", tick_size=None, max_price=None, min_qty=D("0.01"), limit=None),
    Obj(filter_type="LOT_SIZE", tick_size=None, max_price=None, min_qty=D("0.001"), limit=None),
    Obj(filter_type="MAX_NUM_ORDERS", tick_size=None, max_price=None, min_qty=None, limit=200),
]


def test_filters_are_told_apart_by_their_type() -> None:
    """The same member means one limit or another, by what stands beside it."""
    answer = Obj(symbols=[Obj(symbol="BTCUSDT", status="TRADING", filters=[PRICE_FILTER, *LOTS])])
    assert {
        "BTCUSDT": Instrument(
            symbol="BTCUSDT",
            status="TRADING",
            is_tradable=True,
            tick=D("0.1"),
            min_quantity=D("0.001"),
            market_min_quantity=D("0.01"),
            max_orders=200,
        )
    } == read_instruments([(FILTERS, answer)])


def test_a_step_or_maximum_of_zero_is_none() -> None:
    """0 disables a limit, so that nothing is rounded to it, and no order is above it."""
    off = Obj(filter_type="PRICE_FILTER", tick_size=D(0), max_price=D(0), min_qty=None, limit=None)
    read = read_instruments([(FILTERS, Obj(symbols=[Obj(symbol="X", status="HALT", filters=[off])]))])["X"]
    assert (None, None, False) == (read.tick, read.max_price, read.is_tradable)


def test_digits_become_steps() -> None:
    """3 decimal places are a step of 0.001, and none are a step of 1."""
    source = InstrumentSource(
        "a.b", (), (SYMBOL, Fact("tick", ("scale",), form="digits"), Fact("step", ("lot",), form="digits"))
    )
    read = read_instruments([(source, [Obj(symbol="X", scale=3, lot=0)])])["X"]
    assert (D("0.001"), D(1)) == (read.tick, read.step)


def test_parts_join_by_symbol() -> None:
    """What one answer says of a symbol completes what another says."""
    rules = InstrumentSource(
        "m.symbols",
        (),
        (SYMBOL, Fact("tick", ("digits",), form="digits"), Fact("status", ("open",), form="text")),
        tradable=("true",),
        halted=("false",),
    )
    coins = InstrumentSource(
        "m.contracts",
        (),
        (
            Fact("symbol", ("ticker_id",), form="text"),
            Fact("base", ("base",), form="text"),
            Fact("quote", ("quote",), form="text"),
        ),
    )
    read = read_instruments(
        [
            (rules, [Obj(symbol="btc_usdt", digits=1, open=True)]),
            (
                coins,
                [
                    Obj(ticker_id="btc_usdt", base="BTC", quote="USDT"),
                    Obj(ticker_id="new_usdt", base="NEW", quote="USDT"),
                ],
            ),
        ]
    )
    assert ["btc_usdt", "new_usdt"] == list(read)
    assert ("BTC", D("0.1"), True) == (read["btc_usdt"].base, read["btc_usdt"].tick, read["btc_usdt"].is_tradable)
    assert (None, None) == (read["new_usdt"].tick, read["new_usdt"].is_tradable)


def instruments(**spelled: str) -> dict[str, Instrument]:
    """Return instruments: symbol="BASE/QUOTE"."""
    return {
        symbol: Instrument(symbol=symbol, base=pair.split("/")[0], quote=pair.split("/")[1])
        for symbol, pair in spelled.items()
    }


TRADED = instruments(BTCUSDT="BTC/USDT", BTCUSDT_261225="BTC/USDT", ETHUSDC="ETH/USDC", eth_usdt="ETH/USDT")


@pytest.mark.parametrize(
    ("pair", "symbol"),
    [("ETH/USDC", "ETHUSDC"), ("eth/usdt", "eth_usdt"), ("BTC/USDT", "BTCUSDT"), ("BTCUSDT_261225", "BTCUSDT_261225")],
)
def test_pairs_are_found_by_their_coins(pair: str, symbol: str) -> None:
    """BTC/USDT becomes the exchange's spelling; of several contracts, the one without a date."""
    assert symbol == find_symbol(pair, TRADED)


def test_several_contracts_are_not_guessed_among() -> None:
    """Where all have a date, the error names them."""
    with pytest.raises(InvalidRequest, match="BTCUSDT_260925, BTCUSDT_261225"):
        find_symbol("BTC/USDT", instruments(BTCUSDT_261225="BTC/USDT", BTCUSDT_260925="BTC/USDT"))


def test_the_error_suggests_what_was_meant() -> None:
    """An unknown symbol is compared with those that are traded, whatever stands between the coins."""
    with pytest.raises(InvalidRequest, match="did you mean 'eth_usdt'"):
        find_instrument("ETH-USDT", TRADED)
    with pytest.raises(InvalidRequest, match="did you mean 'BTCUSDT'"):
        find_symbol("BTC-USDT", TRADED)


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        (Fact("tick", ("tick",)), D("1E+999999999")),
        (Fact("tick", ("tick",)), D("1E-999999999")),
        (Fact("tick", ("tick",), form="digits"), 10**9),
        (Fact("max_price", ("tick",)), D("1E+999999999")),
    ],
)
def test_limit_that_nobody_means_is_not_stated(fact: Fact, value: object) -> None:
    """A limit beyond all amounts is one that the exchange did not state: nothing can be computed with it, or printed."""
    source = InstrumentSource("market.get_info", (), (SYMBOL, fact))
    assert {"A": Instrument(symbol="A")} == read_instruments([(source, Obj(symbol="A", tick=value))])
