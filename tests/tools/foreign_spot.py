"""Trades with ccxt's `binance` and with python-binance against an address, and prints as JSON what they got."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import ccxt.pro
from binance import AsyncClient, BinanceSocketManager
from binance.ws.reconnecting_websocket import ReconnectingWebsocket
from binance.ws.websocket_api import WebsocketAPI

SYMBOL = "BTC/USDT"
WAIT = 20.0
PAUSE = 0.5
"""Seconds that python-binance waits for a push before it looks whether it is to be closed; by default 10."""
SHOWN = ("id", "clientOrderId", "symbol", "side", "type", "price", "amount", "filled", "remaining", "average", "status")


def exchange(url: str, key: str, secret: str) -> Any:
    """Return ccxt's client of that address."""
    options: dict[str, Any] = {"fetchMarkets": {"types": ["spot"]}, "fetchMargins": False, "fetchCurrencies": False}
    made = ccxt.pro.binance({"apiKey": key, "secret": secret, "options": options})
    host = "https://api.binance.com"
    made.urls["api"] |= {name: url + made.urls["api"][name].removeprefix(host) for name in ("public", "private", "v1")}
    streams = made.urls["api"]["ws"]
    streams["spot"] = f"{url.replace('http', 'ws')}/ws"
    streams["ws-api"]["spot"] = f"{url.replace('http', 'ws')}/ws-api/v3"
    return made


def shown(order: dict[str, Any]) -> dict[str, Any]:
    """Return what an order says, without ccxt's empty members."""
    return {name: order[name] for name in SHOWN if order.get(name) is not None}


async def trade_with_ccxt(client: Any) -> dict[str, Any]:
    """Place, list, cancel, and read what came of it."""
    market = (await client.load_markets())[SYMBOL]
    placed = await client.create_order(SYMBOL, "limit", "buy", 0.01, 50000, {"clientOrderId": "foreign-1"})
    found: dict[str, Any] = {"placed": shown(placed), "precision": market["precision"], "limits": market["limits"]}
    found["open"] = [shown(one) for one in await client.fetch_open_orders(SYMBOL)]
    found["fetched"] = shown(await client.fetch_order(placed["id"], SYMBOL))
    found["canceled"] = shown(await client.cancel_order(placed["id"], SYMBOL))
    found["open after"] = await client.fetch_open_orders(SYMBOL)
    found["bought"] = shown(await client.create_order(SYMBOL, "market", "buy", 0.02))
    found["edited"] = shown(await edited(client))
    found["history"] = [shown(one) for one in await client.fetch_orders(SYMBOL)]
    trades = await client.fetch_my_trades(SYMBOL)
    found["trades"] = [[one["order"], one["side"], one["price"], one["amount"], one["fee"]["cost"]] for one in trades]
    balance = await client.fetch_balance()
    found["balance"] = {coin: balance[coin] for coin in ("BTC", "USDT")}
    found["candles"] = len(await client.fetch_ohlcv(SYMBOL, "1m"))
    found["asks"] = (await client.fetch_order_book(SYMBOL))["asks"][:1]
    return found


async def edited(client: Any) -> dict[str, Any]:
    """Replace an order by another one, in one call."""
    first = await client.create_order(SYMBOL, "limit", "buy", 0.01, 40000)
    second: dict[str, Any] = await client.edit_order(first["id"], SYMBOL, "limit", "buy", 0.01, 41000)
    return second


async def follow_with_ccxt(client: Any) -> dict[str, Any]:
    """Read the streams of the market and of the account."""
    # What is pushed before the login nobody gets.
    await client.authenticate({"type": "spot"})
    orders = asyncio.create_task(client.watch_orders(SYMBOL))
    placed = await client.create_order(SYMBOL, "limit", "sell", 0.01, 70000)
    watched = (await asyncio.wait_for(orders, WAIT))[-1]
    ticker = await asyncio.wait_for(client.watch_ticker(SYMBOL), WAIT)
    return {"sold": shown(placed), "watched": shown(watched), "last": ticker["last"]}


async def with_ccxt(url: str, key: str, secret: str) -> dict[str, Any]:
    """Do all with ccxt."""
    client = exchange(url, key, secret)
    try:
        return await trade_with_ccxt(client) | await follow_with_ccxt(client)
    finally:
        await client.close()


async def trade_with_binance(client: Any) -> dict[str, Any]:
    """Place, list, cancel, and read what came of it."""
    limit = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "newClientOrderId": "foreign-1"}
    placed = await client.create_order(**limit, quantity="0.01", price="50000")
    named = {"symbol": "BTCUSDT", "orderId": placed["orderId"]}
    return {
        "placed": placed,
        "open": await client.get_open_orders(symbol="BTCUSDT"),
        "fetched": await client.get_order(**named),
        "canceled": await client.cancel_order(**named),
        "open after": await client.get_open_orders(symbol="BTCUSDT"),
        "bought": await client.order_market_buy(symbol="BTCUSDT", quantity="0.02"),
        "history": await client.get_all_orders(symbol="BTCUSDT"),
        "trades": await client.get_my_trades(symbol="BTCUSDT"),
        "balance": await client.get_asset_balance(asset="USDT"),
        "instrument": await client.get_symbol_info("BTCUSDT"),
        "candles": len(await client.get_klines(symbol="BTCUSDT", interval="1m")),
    }


async def follow_with_binance(client: Any) -> dict[str, Any]:
    """Read the streams of the market and of the account."""
    sockets = BinanceSocketManager(client)
    sell = {"symbol": "BTCUSDT", "side": "SELL", "type": "LIMIT", "timeInForce": "GTC"}
    async with sockets.user_socket() as account:
        sold = await client.create_order(**sell, quantity="0.01", price="70000")
        watched = await asyncio.wait_for(account.recv(), WAIT)
    async with sockets.multiplex_socket(["btcusdt@ticker"]) as market:
        ticker = await asyncio.wait_for(market.recv(), WAIT)
    return {"sold": sold, "watched": watched, "ticker": ticker}


async def with_binance(url: str, key: str, secret: str) -> dict[str, Any]:
    """Do all with python-binance."""
    ReconnectingWebsocket.TIMEOUT = PAUSE
    WebsocketAPI.TIMEOUT = WAIT
    AsyncClient.API_URL = f"{url}/api"
    AsyncClient.WS_API_URL = f"{url.replace('http', 'ws')}/ws-api/v3"
    BinanceSocketManager.STREAM_URL = f"{url.replace('http', 'ws')}/"
    client = AsyncClient(key, secret)
    try:
        return await trade_with_binance(client) | await follow_with_binance(client)
    finally:
        await client.session.close()  # and not all, or it waits until its login has been silent for WAIT


print(json.dumps(asyncio.run({"ccxt": with_ccxt, "python-binance": with_binance}[sys.argv[1]](*sys.argv[2:]))))
