"""Trades with ccxt's `aster` against an address, and prints as JSON what it made of the answers and pushes."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import ccxt.pro

SYMBOL = "BTC/USDT:USDT"
WAIT = 20.0
SHOWN = ("id", "clientOrderId", "symbol", "side", "type", "price", "amount", "filled", "remaining", "average", "status")


async def no_spot(params: object = None) -> dict[str, Any]:
    """Stand in for the spot exchange, which ccxt asks for its pairs, too."""
    return {"symbols": []}


def client(url: str, key: str, secret: str) -> Any:
    """Return a client of that address."""
    made = ccxt.pro.aster({"apiKey": key, "secret": secret, "options": {"defaultType": "swap"}})
    made.urls["api"] = {
        name: address.replace("https://fapi.asterdex.com", url) if isinstance(address, str) else address
        for name, address in made.urls["api"].items()
    }
    for ways in made.urls["api"]["ws"].values():
        ways["swap"] = ways["swap"].replace("wss://fstream.asterdex.com", url.replace("http", "ws"))
    made.sapiPublicGetV1ExchangeInfo = no_spot
    return made


def shown(order: dict[str, Any]) -> dict[str, Any]:
    """Return what an order says, without ccxt's empty members."""
    return {name: order[name] for name in SHOWN if order.get(name) is not None}


async def trade(exchange: Any) -> dict[str, Any]:
    """Place, list, cancel, and read what came of it."""
    placed = await exchange.create_order(SYMBOL, "limit", "buy", 0.01, 50000, {"clientOrderId": "foreign-1"})
    found: dict[str, Any] = {"placed": shown(placed)}
    found["open"] = [shown(one) for one in await exchange.fetch_open_orders(SYMBOL)]
    found["fetched"] = shown(await exchange.fetch_order(placed["id"], SYMBOL))
    found["canceled"] = shown(await exchange.cancel_order(placed["id"], SYMBOL))
    found["open after"] = await exchange.fetch_open_orders(SYMBOL)
    found["bought"] = shown(await exchange.create_order(SYMBOL, "market", "buy", 0.02))
    found["history"] = [shown(one) for one in await exchange.fetch_orders(SYMBOL)]
    trades = await exchange.fetch_my_trades(SYMBOL)
    found["trades"] = [[one["order"], one["side"], one["price"], one["amount"]] for one in trades]
    found["balance"] = (await exchange.fetch_balance())["USDT"]
    positions = await exchange.fetch_positions([SYMBOL])
    found["positions"] = [[one["side"], one["contracts"], one["entryPrice"]] for one in positions if one["contracts"]]
    found["candles"] = len(await exchange.fetch_ohlcv(SYMBOL, "1m"))
    return found


async def follow(exchange: Any) -> dict[str, Any]:
    """Read the streams of the market and of the account."""
    orders = asyncio.create_task(exchange.watch_orders(SYMBOL))
    while not exchange.clients or not any(one.connected.done() for one in exchange.clients.values()):
        await asyncio.sleep(0.01)
    placed = await exchange.create_order(SYMBOL, "limit", "sell", 0.03, 70000)
    watched = (await asyncio.wait_for(orders, WAIT))[-1]
    book = await asyncio.wait_for(exchange.watch_ticker(SYMBOL), WAIT)
    return {"sold": shown(placed), "watched": shown(watched), "last": book["last"]}


async def main() -> None:
    """Do it all."""
    exchange = client(*sys.argv[1:])
    try:
        print(json.dumps(await trade(exchange) | await follow(exchange)))
    finally:
        await exchange.close()


asyncio.run(main())
