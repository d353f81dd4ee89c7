"""One signed order, by us, by what a user would pick instead, and by the bare transport that sends the same bytes.

What is imported inside is installed in one environment or the other.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from tests.bench.measure import AsyncCall, Call

ORDER = {
    "symbol": "BTCUSDT",
    "side": "buy",
    "orderType": "limit",
    "loanType": "normal",
    "timeInForce": "gtc",
    "price": "15100",
    "baseQuantity": "0.1",
    "clientOid": "my-1",
}
ANSWER = b'{"code":"00000","msg":"success","requestTime":1679382680927,"data":{"orderId":"1","clientOid":"my-1"}}'
KEYS: dict[str, Any] = {"api_key": "k", "api_secret": "s", "passphrase": "p"}


def ours(url: str, transport: Any = None) -> Call:
    """An order by our sync client."""
    from venues.bitget_margin import BitgetMargin

    client = BitgetMargin(**KEYS, base_url=url, transport=transport, limiter="off")
    given = _given()
    return lambda: client.isolated.place_order(**given)


def ours_async(url: str, transport: Any = None) -> AsyncCall:
    """The same, awaited."""
    from venues.bitget_margin import AsyncBitgetMargin

    client = AsyncBitgetMargin(**KEYS, base_url=url, transport=transport, limiter="off")
    given = _given()
    return lambda: client.isolated.place_order(**given)


def prepared(url: str) -> Any:  # a Request; the peers' environment need not know it
    """The order built and signed, not sent."""
    return prepare(url)()


def prepare(url: str) -> Call:
    """Build and sign, nothing sent."""
    from venues.bitget_margin import BitgetMargin, operations

    client, given = BitgetMargin(**KEYS, base_url=url), _given()
    return lambda: client.prepare(operations.ISOLATED_PLACE_ORDER, **given)


def _given() -> Any:  # Any: passed on as keyword arguments
    from venues.bitget_margin import operations

    names = {param.wire: param.name for param in operations.ISOLATED_PLACE_ORDER.params}
    return {names[wire]: value for wire, value in ORDER.items()}


def bare_urllib3(url: str) -> Call:
    """The same bytes by urllib3, as its users write it."""
    import urllib3

    pool, request = urllib3.PoolManager(maxsize=32, retries=False), prepared(url)
    return lambda: (
        pool.urlopen(request.method, request.url, headers=request.headers, body=request.body, timeout=10.0).data
    )


def bare_aiohttp(url: str) -> AsyncCall:
    """The same bytes by aiohttp, as its users write it."""
    import aiohttp

    request, limit = prepared(url), aiohttp.ClientTimeout(10.0)
    session: list[aiohttp.ClientSession] = []

    async def call() -> bytes:
        if not session:
            session.append(aiohttp.ClientSession(timeout=limit))
        async with session[0].post(request.url, data=request.body, headers=request.headers) as answer:
            return await answer.read()

    return call


def bare_fast(url: str) -> Call:
    """The same bytes by pyreqwest."""
    from pyreqwest.client import SyncClientBuilder

    client, request = SyncClientBuilder().build(), prepared(url)
    return lambda: client.post(request.url).headers(request.headers).body_bytes(request.body).build().send().bytes()


def bare_fast_async(url: str) -> AsyncCall:
    """The same, awaited."""
    from pyreqwest.client import ClientBuilder

    client, request = ClientBuilder().build(), prepared(url)

    async def call() -> object:
        built = client.post(request.url).headers(request.headers).body_bytes(request.body).build()
        return await (await built.send()).bytes()

    return call


def sent(url: str, transport: Any) -> Call:
    """The same bytes by a transport of ours, without the client around it."""
    request = prepared(url)
    return lambda: transport.send(request, 10.0)


def fast() -> Any:
    """Our sync transport of the extra `fast`."""
    from venues.fast import FastTransport

    return FastTransport()


def fast_async() -> Any:
    """Our async transport of the extra `fast`."""
    from venues.fast import AsyncFastTransport

    return AsyncFastTransport()


def ccxt_order(url: str, library: Any = None) -> Any:  # Call or AsyncCall, as the library is
    """The order as users of ccxt place it: arguments in its own terms, an order of its own as the answer."""
    client = _ccxt(url, library)
    options = {"marginMode": "isolated", "clientOrderId": "my-1", "loanType": "normal"}
    return lambda: client.create_order("BTC/USDT", "limit", "buy", 0.1, 15100, options)


def ccxt_raw(url: str, library: Any = None) -> Any:  # as above
    """The order by ccxt's method for the exchange's own call: signed, sent, parsed into a dict, nothing checked."""
    client = _ccxt(url, library)
    return lambda: client.privateMarginPostV2MarginIsolatedPlaceOrder(ORDER)


def ccxt_sign(url: str) -> Call:
    """Build and sign by ccxt, nothing sent."""
    client = _ccxt(url)
    return lambda: client.sign("v2/margin/isolated/place-order", ["private", "margin"], "POST", ORDER)


def ccxt_async() -> Any:
    """The async half of ccxt."""
    return import_module("ccxt.async_support")


def _ccxt(url: str, library: Any = None) -> Any:
    client = (library or import_module("ccxt")).bitget(
        {"apiKey": "k", "secret": "s", "password": "p", "enableRateLimit": False}
    )
    client.urls["api"] = dict.fromkeys(client.urls["api"], url)
    pair = {"id": "BTCUSDT", "symbol": "BTC/USDT", "base": "BTC", "quote": "USDT", "type": "spot"}
    kinds = {"spot": True, "margin": True, "contract": False, "swap": False, "future": False, "option": False}
    precision = {"amount": 0.0001, "price": 0.01}
    client.set_markets([client.safe_market_structure({**pair, **kinds, "active": True, "precision": precision})])
    return client


def binance(url: str) -> Call:
    """An order by the Binance USD-M SDK, which takes floats."""
    from binance_common.configuration import ConfigurationRestAPI
    from binance_sdk_derivatives_trading_usds_futures.derivatives_trading_usds_futures import (
        DerivativesTradingUsdsFutures,
    )

    client = DerivativesTradingUsdsFutures(ConfigurationRestAPI(api_key="k", api_secret="s", base_path=url))
    numbers = {"price": 15100.0, "quantity": 0.1}
    order = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "time_in_force": "GTC", **numbers}
    return lambda: client.rest_api.new_order(**order).data()
