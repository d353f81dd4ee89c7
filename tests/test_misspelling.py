"""Arguments with a wrong name: which one was meant, wherever they are given."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from venues.aster_futures import AsterFutures, AsyncAsterFutures, operations
from venues.aster_futures.streams import channels
from venues.bingx_swap import BingXSwap
from venues.core.call.misspelling import explain_arguments
from venues.errors import InvalidRequest

Call = Callable[[Any], Any]
ANY: Any = AsterFutures
TICKER: Any = channels.BookTicker
MARK = "s3cr3tMARK"


@pytest.mark.parametrize(
    ("call", "meant"),
    [
        (lambda client: client.trade.place_order(symbol="BTCUSDT", timeInForce="GTC"), "time_in_force"),
        (lambda client: client.trade.place_order(symbl="BTCUSDT"), "symbol"),
        (lambda client: client.market.iter_klines(symbol="BTCUSDT", startTime=1), "start_time"),
        (lambda client: TICKER(symbl="BTCUSDT"), "symbol"),
        (lambda client: ANY(apikey="k"), "api_key"),
        (lambda client: ANY.from_env(time_out=1), "timeout"),
    ],
)
def test_wrong_name_of_an_argument_says_which_one_was_meant(call: Call, meant: str) -> None:
    """The exchange's spelling and slips are refused with the name to write."""
    with pytest.raises(TypeError, match=rf"[Dd]id you mean '{meant}'\?"):
        call(AsterFutures())


@pytest.mark.parametrize(
    ("call", "first"),
    [
        (lambda things: things.find("BTCUSDT"), "symbol"),
        (lambda things: TICKER("BTCUSDT"), "symbol"),
        (lambda things: ANY(MARK, MARK), "api_key"),
    ],
)
def test_arguments_without_a_name_are_asked_for_by_name(call: Call, first: str) -> None:
    """Whoever writes them in the order of another library is told how they are written here."""

    class Things:
        def find(self, *, symbol: str) -> None: ...

    explain_arguments(Things, suggests=False)
    with pytest.raises(TypeError, match=rf"takes arguments by name only, as {first}=…$") as caught:
        call(Things())
    frames = [entry.frame.f_locals for entry in caught.traceback if "venues" in str(entry.path)]
    assert MARK not in repr(frames)


class Configured(AsterFutures):
    """A client that is made otherwise."""

    def __init__(self, config: dict[str, Any], **more: Any) -> None:
        super().__init__(**config, **more)


class Patient(AsterFutures):
    def __init__(self, **more: Any) -> None:
        super().__init__(timeout=60, **more)


@pytest.mark.parametrize(
    "make",
    [
        Configured,
        lambda own: Configured(config=own),
        lambda own: Configured(own, timeout=5),
        lambda own: Patient(**own),
    ],
)
def test_subclass_takes_what_it_says(make: Callable[[dict[str, Any]], AsterFutures]) -> None:
    """A client of a program's own may have other arguments, by position or by name."""
    with make({"api_key": "k", "api_secret": "s"}) as client:
        assert isinstance(client, AsterFutures)


async def test_async_methods_say_it_too() -> None:
    """What is awaited is refused the same way, and is still a coroutine function."""
    trade: Any = AsyncAsterFutures().trade
    assert inspect.iscoroutinefunction(trade.place_order)
    with pytest.raises(TypeError, match=r"did you mean 'time_in_force'\?"):
        await trade.place_order(symbol="BTCUSDT", timeInForce="GTC")


def test_exchange_name_that_is_nothing_like_ours_is_known() -> None:
    """Whoever has read the exchange's documentation writes its names, however far from ours they are."""
    trade: Any = BingXSwap().trade
    with pytest.raises(TypeError, match=r"did you mean 'order_ids'\?"):
        trade.cancel_orders(symbol="BTC-USDT", oids=[1])


@pytest.mark.parametrize("name", ["place_order", "get_order"])
def test_help_shows_the_printed_signature(name: str) -> None:
    """A method that explains its arguments shows the ones that it has, and where it is defined."""
    method = getattr(AsterFutures().trade, name)
    assert "symbol" in inspect.signature(method).parameters
    assert method.__qualname__ == f"TradeGroup.{name}"


def test_other_errors_of_type_pass_unchanged() -> None:
    """A missing argument, and an error from deeper inside, are Python's own words."""

    class Things:
        def find(self, *, symbol: str) -> None:
            len(symbol)

    explain_arguments(Things, suggests=False)
    things: Any = Things()
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'symbol'"):
        things.find()
    with pytest.raises(TypeError, match="object of type 'int' has no len"):
        things.find(symbol=5)


def test_explained_call_shows_no_credential_in_its_traceback() -> None:
    """A client that can't be made has no frame that holds what it was given."""
    make: Any = AsterFutures
    for wrong in ({"apikey": MARK}, {"api_secret": MARK, "environment": "moon"}):
        with pytest.raises((TypeError, InvalidRequest)) as caught:
            make(**wrong)
        frames = [entry.frame.f_locals for entry in caught.traceback if "venues" in str(entry.path)]
        assert MARK not in repr(frames)


def test_call_by_constant_says_which_parameter_was_meant() -> None:
    """`client.call` and `prepare` know the exchange's names, too."""
    with pytest.raises(InvalidRequest, match=r"no parameter 'timeInForce'; did you mean 'time_in_force'\?"):
        AsterFutures().prepare(operations.TRADE_PLACE_ORDER, timeInForce="GTC")
