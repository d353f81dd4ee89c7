"""A test adds an instrument to a mock exchange: it is listed, traded, and its limits hold, for every API alike."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.apis import APIS, Api
from tests.support.mocks import client
from tests.support.orders import OrderCall
from tests.support.traders import EACH, trader
from venues import errors
from venues.mock import Mock

LIMITS: Any = {"tick": "0.001", "step": "1", "min_price": "0.001"}


def new_symbol(place: OrderCall) -> str:
    """Return a symbol that no exchange has, spelled as those of this one."""
    known = str(place.example["symbol"])
    return next(
        known.replace(coin, new)
        for coin, new in (("BTC", "NEWER"), ("btc", "newer"), ("ETH", "NEWER"))
        if coin in known
    )


def listed(place: OrderCall) -> str:
    """Return the first symbol that the examples list."""
    return next(iter(place.spec.instruments))


def add(mock: Mock, place: OrderCall) -> str:
    symbol = new_symbol(place)
    # Where limits are in contracts, the smallest order is 2 of the base coin, too.
    size = Decimal(place.spec.instruments[listed(place)].get("quantity", 1))
    mock.add_instrument(symbol, market=place.market or None, min_quantity=2 / size, **LIMITS)
    return symbol


@EACH
async def test_an_added_instrument_is_listed(api: Api, place: OrderCall) -> None:
    """The client finds it with the limits that were said, and others as those of the one that it is like."""
    async with trader(api, place) as trading:
        symbol = add(trading.mock, place)
        found = await trading.instrument(symbol)
        known = await trading.instrument(listed(place))
        assert (symbol, Decimal("0.001"), "NEWER") == (found.symbol, found.tick, found.base.upper())
        assert (known.quote, known.status, known.max_notional) == (found.quote, found.status, found.max_notional)
        assert (found.min_quantity or 0) * (found.contract_size or 1) in (0, 2)


@EACH
async def test_an_added_instrument_is_traded(api: Api, place: OrderCall) -> None:
    """An order for it is filled by its own market, and what breaks its limits is refused; it outlives `forget`."""
    said: list[str] = []
    async with trader(api, place, strict=False) as trading:
        symbol = add(trading.mock, place)
        trading.mock.forget()
        own = {"symbol": symbol, "price": "60000.001"}
        order = await trading.order(**own)
        said += [fill.symbol for fill in trading.mock.market(symbol).price("60000") if fill.order_id == order.id]
        for wrong in ({"price": "60000.0005"}, {"quantity": "1"}):
            with suppress(errors.VenueError):
                await trading.order(**own | wrong | {"client_id": "mine-2"})
            said.append(trading.mock.calls(place.name)[-1].detail)
    assert symbol == said[0]
    assert "the price 60000.0005 is not a multiple of 0.001" in said[1]
    assert "the quantity 1 is less than 2" in said[2]


@EACH
async def test_an_added_instrument_outlives_a_restart(api: Api, place: OrderCall, tmp_path: Path) -> None:
    """A state keeps the instruments that were added, beside the orders for them."""
    state = tmp_path / "state.jsonl"
    async with trader(api, place, state=state) as trading:
        symbol = add(trading.mock, place)
        await trading.order(symbol=symbol)
        trading.mock.market(symbol).price("59000")
    async with trader(api, place, state=state) as trading:
        assert ["filled"] == [order.status for order in trading.mock.orders]
        assert (await trading.instrument(symbol)).tick == Decimal("0.001")


def test_mistakes_are_told() -> None:
    """A limit, a market or a listed symbol that does not exist is refused with what there is, and so are unknown coins."""
    mock, bybit = Mock("aster_futures"), Mock("bybit")
    wrong: Any = {"ticks": "1"}
    with pytest.raises(TypeError, match="no limit 'ticks'; did you mean 'tick'"):
        mock.add_instrument("NEWERUSDT", **wrong)
    with pytest.raises(ValueError, match="lists no instrument 'X'; there is BTCUSDT"):
        mock.add_instrument("NEWERUSDT", like="X")
    with pytest.raises(ValueError, match="say which coins NEWER has"):
        mock.add_instrument("NEWER")
    with pytest.raises(ValueError, match="say market='spot' or 'linear'"):
        bybit.add_instrument("NEWERUSDT")
    with pytest.raises(ValueError, match="0 is not more than 0"):
        mock.add_instrument("NEWERUSDT", tick=0)


def test_examples_list_it_too() -> None:
    """A mock exchange that plays back examples lists it, and takes orders for it."""
    api = next(each for each in APIS if each.name == "aster_futures")
    with Mock(api.name, remembers=False) as mock, client(api, mock) as caller:
        mock.add_instrument("NEWERUSDT", tick="0.5")
        assert caller.instrument("NEWERUSDT").tick == Decimal("0.5")
