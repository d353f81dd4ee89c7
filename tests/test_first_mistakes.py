"""What a stranger does wrong first is told at once, before anything is sent, and with what to do."""

from __future__ import annotations

import asyncio
import pickle
import sys
import time
from copy import copy
from importlib import import_module
from typing import Any

import pytest

from tests.support.apis import APIS, Api, label
from venues import errors
from venues.binance_spot import AsyncBinanceSpot, BinanceSpot
from venues.bitget_margin import AsyncBitgetMargin, BitgetMargin
from venues.core.client import SyncCore
from venues.core.http.with_aiohttp import AiohttpTransport
from venues.core.http.with_urllib3 import Urllib3Transport
from venues.limiter import Limiter
from venues.mock import Fault, Mock
from venues.retry import NEVER
from venues.sixmm import SixMM
from venues.sixmm.streams import channels

NOBODY = "http://127.0.0.1:1"
OPTIONS: list[tuple[dict[str, Any], str]] = [
    ({"retry": False}, "retry is of type bool; pass a venues.retry.Retry"),
    ({"retry": 3}, "retry is of type int; pass a venues.retry.Retry"),
    ({"hooks": print}, "hooks is of type builtin_function_or_method; pass a venues.hooks.Hooks"),
    ({"limiter": False}, "limiter is none of"),
    ({"limiter": "on"}, "limiter is none of"),
    ({"timeout": "5"}, "timeout is '5'; pass seconds"),
]


@pytest.mark.parametrize(("option", "said"), OPTIONS, ids=[str(option) for option, _ in OPTIONS])
@pytest.mark.parametrize("make", [BitgetMargin, AsyncBitgetMargin])
def test_wrong_option_is_refused_where_it_is_given(make: Any, option: dict[str, Any], said: str) -> None:
    """Not in the middle of an order, and never taken for what it does not say, as `retry=False` for the default."""
    with pytest.raises(errors.InvalidRequest, match=said):
        make(**option)


@pytest.mark.parametrize(
    ("make", "transport", "meant"),
    [(BitgetMargin, AiohttpTransport, "async"), (AsyncBitgetMargin, Urllib3Transport, "sync")],
)
def test_transport_of_the_other_kind_is_refused(make: Any, transport: Any, meant: str) -> None:
    """An async client with a transport that waits would send orders and lose every answer."""
    with pytest.raises(errors.InvalidRequest, match=f"{transport.__name__}, which is for {meant} clients"):
        make(transport=transport())


class Deaf:
    """What can be closed, and can't send."""

    def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize("transport", [object(), Deaf(), "urllib3"], ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("make", [BitgetMargin, AsyncBitgetMargin])
def test_transport_that_is_none_is_refused(make: Any, transport: object) -> None:
    """What can't send is told where it is given, not in the middle of an order."""
    with pytest.raises(errors.InvalidRequest, match=f"transport is of type {type(transport).__name__}"):
        make(transport=transport)


@pytest.mark.parametrize(
    "address", ["redis://:s3cr3t@h:notaport", "redis://:s3cr3t@h:99999999", "rediss://:s3cr3t@[h/0"]
)
def test_address_of_a_limiter_that_can_not_be_read_is_refused_unseen(address: str) -> None:
    """It is told where it is given, and the password in it is not."""
    pytest.importorskip("redis")
    with pytest.raises(errors.InvalidRequest, match="address") as caught:
        BitgetMargin(limiter=address)
    assert "s3cr3t" not in f"{caught.value!r} {caught.value.__cause__!r} {caught.value.__context__!r}"


@pytest.mark.parametrize("limiter", ["memory://", "redis://127.0.0.1:1/0"])
def test_async_client_under_another_loop_sends_nothing(limiter: str) -> None:
    """Under trio, say, where no loop of asyncio runs, the error names what is needed."""
    if "redis" in limiter:
        pytest.importorskip("redis")
    with Mock("bitget_margin", remembers=False) as mock:
        client = AsyncBitgetMargin(**mock.credentials, base_url=mock.url, limiter=limiter)
        call = client.public.get_currencies()
        with pytest.raises(errors.InvalidRequest, match=r"nothing was sent.*asyncio"):
            call.send(None)
        assert [] == mock.requests


@pytest.mark.parametrize("option", ["reconnect", "hooks"])
def test_wrong_option_of_streams_is_refused(option: str) -> None:
    """Streams are as strict as the client."""
    wrong: dict[str, Any] = {option: 3}
    with (
        BitgetMargin() as client,
        pytest.raises(errors.InvalidRequest, match=f"{option} is of type int; pass a venues"),
    ):
        client.streams(**wrong)


@pytest.mark.parametrize("api", APIS, ids=label)
def test_empty_credential_is_none(api: Api) -> None:
    """A variable that is set to nothing is not sent as a key, whoever reads it."""
    make: Any = api.client
    with make(**dict.fromkeys(api.client.PROFILE.credentials, "")) as client:
        assert "given: none" in lacking(api, client)


@pytest.mark.parametrize("api", APIS, ids=label)
def test_what_lacks_is_told_beside_what_was_given(api: Api) -> None:
    """Whoever gave the key and forgot the secret reads both, and which variables `from_env` looks at."""
    make: Any = api.client
    with make(api_key="abc") as client:
        said = lacking(api, client)
    assert "api_secret" in said
    assert f"; given: api_key (`from_env` reads {api.name.upper()}_API_KEY, {api.name.upper()}_API_SECRET" in said


def lacking(api: Api, client: SyncCore) -> str:
    """Return what is said of a signed call that lacks credentials."""
    signed = next(each for each in api.operations if each.auth == "signed" and not each.schemes)
    with pytest.raises(errors.InvalidRequest) as caught:
        client.call(signed, **api.arguments(signed))
    return str(caught.value)


@pytest.mark.parametrize("api", APIS, ids=label)
def test_clock_of_fractions_tells_whole_milliseconds(api: Api) -> None:
    """`time.time() * 1000` is what people write; the exchange reads digits only."""
    make: Any = api.client
    signed = next(each for each in api.operations if each.auth == "signed")
    credentials = Mock(api.name, remembers=False).credentials
    prepared = [
        make(**credentials, clock=lambda now=now: now).prepare(signed, **api.arguments(signed))
        for now in (1_700_000_000_000.75, 1_700_000_000_000)
    ]
    assert prepared[0] == prepared[1]


def test_name_in_place_of_an_operation_is_refused() -> None:
    """Whoever calls by name, as the command line does, is told what a call takes."""
    name: Any = "isolated.place_order"
    with (
        BitgetMargin() as client,
        pytest.raises(errors.InvalidRequest, match="operation is of type str; pass a venues"),
    ):
        client.call(name)


def test_failed_connection_names_the_call_and_the_address() -> None:
    """Of two bots, one log: the line says which call it was and where it looked for the exchange."""
    with BitgetMargin(base_url=NOBODY, retry=NEVER) as client, pytest.raises(errors.ConnectionFailed) as caught:
        client.public.get_currencies()
    check_named(caught.value)


def test_failed_connection_names_the_call_when_awaited() -> None:
    """The async client says the same."""

    async def call() -> None:
        async with AsyncBitgetMargin(base_url=NOBODY, retry=NEVER) as client:
            await client.public.get_currencies()

    with pytest.raises(errors.ConnectionFailed) as caught:
        asyncio.run(call())
    check_named(caught.value)


def test_failed_connection_of_a_stream_names_the_address() -> None:
    """Without its path and query, which may hold a listen key or a token."""
    with (
        SixMM(token="a-secret-token") as client,
        client.streams(url="ws://127.0.0.1:1/ws") as streams,
        pytest.raises(errors.ConnectionFailed) as caught,
    ):
        next(iter(streams.subscribe(channels.Orders())))
    assert ("streams.connect", "ws://127.0.0.1:1") == (caught.value.operation, caught.value.address)
    assert str(caught.value).startswith("streams.connect: no connection was made")
    assert "a-secret-token" not in str(caught.value)


def check_named(error: errors.ConnectionFailed) -> None:
    """It begins with the call and ends with the address, also after a journey to another process."""
    for told in (error, pickle.loads(pickle.dumps(error))):
        assert ("public.get_currencies", NOBODY) == (told.operation, told.address)
        assert str(told).startswith("public.get_currencies: no connection was made")
        assert str(told).endswith(f"({NOBODY})")


def test_unknown_outcome_names_the_call_once() -> None:
    """The reason within an unknown outcome does not repeat it."""
    with Mock("bitget_margin", remembers=False) as mock, BitgetMargin(**mock.credentials, base_url=mock.url) as client:
        mock.fault("cross.borrow", Fault.AFTER)
        with pytest.raises(errors.ExecutionUnknown) as caught:
            client.cross.borrow(coin="USDT", borrow_amount="1")
    assert 1 == str(caught.value).count("cross.borrow")


def test_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever wants the fast transport and did not install it is told how."""
    monkeypatch.delitem(sys.modules, "venues.core.http.with_pyreqwest", raising=False)
    monkeypatch.setitem(sys.modules, "pyreqwest.client", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'venues\[fast\]'"):
        import_module("venues.core.http.with_pyreqwest")


def test_own_limit_tells_no_status() -> None:
    """What never was at the exchange does not look like its answer."""
    told = r"^public\.get_currencies: the limit leaves room .* sent$"
    with (
        Mock("bitget_margin", remembers=False) as mock,
        BitgetMargin(base_url=mock.url, limiter=Limiter(wait=False)) as client,
        pytest.raises(errors.RateLimited, match=told),
    ):
        exhaust(client)


def exhaust(client: BitgetMargin) -> None:
    """Call until the limit leaves no room."""
    while True:
        client.public.get_currencies()


@pytest.mark.parametrize(
    ("reach", "said"),
    [
        (
            lambda client: client.trading,
            r"BinanceSpot' object has no attribute 'trading'; did you mean client\.trade\?",
        ),
        (lambda client: client.create_order, r"did you mean client\.trade\.place_order\?$"),
        (lambda client: client.trade.fetch_open_orders, r"did you mean client\.trade\.get_open_orders\?$"),
        (lambda client: client.market.fetch_ohlcv, r"did you mean client\.market\.get_klines\?$"),
        (lambda client: client.symbol, r"did you mean client\.symbols\?$"),
        (lambda client: client.limit, r"did you mean client\.limits\?$"),
        (lambda client: client.get_instrument, r"did you mean client\.instrument\?$"),
        (lambda client: client.become_rich, r"calls are in client\.account, client\.market"),
        (lambda client: client._ipython_display_, "attribute '_ipython_display_'$"),
    ],
)
@pytest.mark.parametrize("make", [BinanceSpot, AsyncBinanceSpot])
def test_missing_call_names_the_one_that_was_meant(make: Any, reach: Any, said: str) -> None:
    """Whoever comes from another library, and writes its name of a call, reads what it is called here."""
    with pytest.raises(AttributeError, match=said):
        reach(make())


def test_group_can_be_copied() -> None:
    """A copy asks a group that has nothing yet for methods that it lacks."""
    with BinanceSpot() as client:
        assert client.trade.place_order.__doc__ == copy(client.trade).place_order.__doc__


@pytest.mark.parametrize(
    ("use", "said"),
    [
        (lambda client: client.reconcile(errors.OrderNotFound), "error is of type type; only an ExecutionUnknown"),
        (lambda client: client.reconcile(KeyboardInterrupt()), "pass the one among its causes"),
        (lambda client: client.wait(1, "trade.place_order", symbol="BTCUSDT"), "operation is of type str"),
    ],
)
def test_wrong_argument_of_what_looks_after_orders_is_refused(use: Any, said: str) -> None:
    """`reconcile`, `wait` and `book` are called when something is wrong already; they say what they take."""
    with (
        BinanceSpot(api_key="k", api_secret="s", base_url=NOBODY) as client,
        pytest.raises(errors.InvalidRequest, match=said),
    ):
        use(client)


@pytest.mark.parametrize("depth", ["5", 5.5, True])
def test_depth_of_a_book_is_a_whole_number(depth: Any) -> None:
    """Neither text nor fractions reach what counts levels."""
    with (
        BinanceSpot() as client,
        client.streams() as streams,
        pytest.raises(errors.InvalidRequest, match=f"depth is {depth!r}; pass an int"),
    ):
        streams.book("BTCUSDT", depth=depth)


def test_closed_client_opens_no_streams() -> None:
    """After `close`, streams are as closed as calls."""
    with BinanceSpot() as client:
        pass
    with pytest.raises(errors.InvalidRequest, match="this client is closed"):
        client.streams()


@pytest.mark.parametrize(
    ("clock", "said"),
    [(time.time, "which looks like seconds"), (1_700_000_000_000, "pass a function")],
    ids=["s", "int"],
)
def test_clock_that_is_none_in_milliseconds_is_refused(clock: Any, said: str) -> None:
    """`clock=time.time` would be corrected once, and drift off by 999 milliseconds each second from then on."""
    with pytest.raises(errors.InvalidRequest, match=said):
        BinanceSpot(clock=clock)
