"""What is measured; each subject runs in a process of its own and prints microseconds for one operation.

python tests/bench/subjects.py NAME URL
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

CALLS, ROUNDS, IN_FLIGHT = 300, 7, 50
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
HEADERS = {"Content-Type": "application/json", "User-Agent": "venues"}
KEYS: dict[str, Any] = {"api_key": "k", "api_secret": "s", "passphrase": "p"}
Call = Callable[[], Any]
AsyncCall = Callable[[], Awaitable[Any]]


def report(seconds: list[float], calls: int) -> None:
    """Print microseconds a call, one number a round."""
    print(json.dumps([value / calls * 1e6 for value in seconds]))


def timed(call: Call) -> None:
    """Time calls one after the other."""
    rounds = []
    for _ in range(ROUNDS + 1):
        began = time.perf_counter()
        for _ in range(CALLS):
            call()
        rounds.append(time.perf_counter() - began)
    report(rounds[1:], CALLS)


async def timed_async(call: AsyncCall, together: int) -> None:
    """Time awaited calls, so many in flight."""
    rounds = []
    for _ in range(ROUNDS + 1):
        began = time.perf_counter()
        for _ in range(CALLS // together):
            if together == 1:
                await call()
            else:
                await asyncio.gather(*(call() for _ in range(together)))
        rounds.append(time.perf_counter() - began)
    report(rounds[1:], CALLS // together * together)


def ours(url: str, transport: Any = None) -> Call:
    """A signed order by our sync client."""
    from venues.bitget_margin import BitgetMargin, operations

    client = BitgetMargin(**KEYS, base_url=url, transport=transport, limiter="off")
    arguments = operations.ISOLATED_PLACE_ORDER
    names = {param.wire: param.name for param in arguments.params}
    given: Any = {names[wire]: value for wire, value in ORDER.items()}
    return lambda: client.isolated.place_order(**given)


def ours_async(url: str, transport: Any = None) -> AsyncCall:
    """A signed order by our async client."""
    from venues.bitget_margin import AsyncBitgetMargin, operations

    client = AsyncBitgetMargin(**KEYS, base_url=url, transport=transport, limiter="off")
    names = {param.wire: param.name for param in operations.ISOLATED_PLACE_ORDER.params}
    given: Any = {names[wire]: value for wire, value in ORDER.items()}
    return lambda: client.isolated.place_order(**given)


def bare(url: str, transport: Any) -> Call:
    """The same bytes by the transport alone."""
    from venues.bitget_margin import BitgetMargin, operations

    client = BitgetMargin(**KEYS, base_url=url)
    names = {param.wire: param.name for param in operations.ISOLATED_PLACE_ORDER.params}
    request = client.prepare(operations.ISOLATED_PLACE_ORDER, **{names[wire]: value for wire, value in ORDER.items()})
    return lambda: transport.send(request, 10.0)


def bare_urllib3(url: str) -> Call:
    """The same bytes by urllib3 as its users write it."""
    import urllib3

    pool = urllib3.PoolManager(maxsize=32, retries=False)
    body = json.dumps(ORDER).encode()
    return lambda: pool.urlopen("POST", f"{url}/order", headers=HEADERS, body=body, timeout=10.0).data


def bare_aiohttp(url: str) -> AsyncCall:
    """The same bytes by aiohttp as its users write it."""
    import aiohttp

    body, target = json.dumps(ORDER).encode(), f"{url}/order"
    session: list[aiohttp.ClientSession] = []

    async def call() -> bytes:
        if not session:
            session.append(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=100)))
        async with session[0].post(target, data=body, headers=HEADERS) as answer:
            return await answer.read()

    return call


def ccxt_sync(url: str) -> Call:
    """A signed order by ccxt, at the level of the API's own call."""
    import ccxt

    client = ccxt.bitget({"apiKey": "k", "secret": "s", "password": "p", "enableRateLimit": False})
    client.urls["api"] = dict.fromkeys(client.urls["api"], url)
    return lambda: client.privateMarginPostV2MarginIsolatedPlaceOrder(ORDER)


def ccxt_async(url: str) -> AsyncCall:
    """The same, awaited."""
    import ccxt.async_support as ccxt

    client = ccxt.bitget({"apiKey": "k", "secret": "s", "password": "p", "enableRateLimit": False})
    client.urls["api"] = dict.fromkeys(client.urls["api"], url)
    return lambda: client.privateMarginPostV2MarginIsolatedPlaceOrder(ORDER)


def binance(url: str) -> Call:
    """A signed order by the Binance USD-M SDK."""
    from binance_common.configuration import ConfigurationRestAPI
    from binance_sdk_derivatives_trading_usds_futures.derivatives_trading_usds_futures import (
        DerivativesTradingUsdsFutures,
    )

    client = DerivativesTradingUsdsFutures(ConfigurationRestAPI(api_key="k", api_secret="s", base_path=url))
    order = {
        "symbol": "BTCUSDT",
        "side": "BUY",
        "type": "LIMIT",
        "price": 15100.0,
        "quantity": 0.1,
        "time_in_force": "GTC",
    }
    return lambda: client.rest_api.new_order(**order).data()


def prepare(url: str) -> Call:
    """Build and sign, nothing sent."""
    from venues.bitget_margin import BitgetMargin, operations

    client = BitgetMargin(**KEYS, base_url=url)
    operation = operations.ISOLATED_PLACE_ORDER
    names = {param.wire: param.name for param in operation.params}
    given = {names[wire]: value for wire, value in ORDER.items()}
    return lambda: client.prepare(operation, **given)


def fast() -> Any:
    from venues.core.http_fast import FastTransport

    return FastTransport()


def fast_async() -> Any:
    from venues.core.http_fast import AsyncFastTransport

    return AsyncFastTransport()


def urllib3_transport() -> Any:
    from venues.core.http_sync import Urllib3Transport

    return Urllib3Transport()


SYNC: dict[str, Callable[[str], Call]] = {
    "ours": ours,
    "ours fast": lambda url: ours(url, fast()),
    "transport": lambda url: bare(url, urllib3_transport()),
    "transport fast": lambda url: bare(url, fast()),
    "urllib3": bare_urllib3,
    "ccxt": ccxt_sync,
    "binance": binance,
    "prepare": prepare,
}
ASYNC: dict[str, Callable[[str], AsyncCall]] = {
    "ours": ours_async,
    "ours fast": lambda url: ours_async(url, fast_async()),
    "aiohttp": bare_aiohttp,
    "ccxt": ccxt_async,
}


def main(name: str, url: str) -> None:
    """Run one subject."""
    kind, _, subject = name.partition(":")
    if kind == "sync":
        timed(SYNC[subject](url))
    else:
        asyncio.run(timed_async(ASYNC[subject](url), IN_FLIGHT if kind == "flight" else 1))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
    sys.stdout.flush()
    import os

    os._exit(0)  # what peers leave open is not our business here
