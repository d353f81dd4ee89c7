"""Trades with python-binance's USD-M client against an address, and prints as JSON what it got."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from binance import AsyncClient, BinanceSocketManager
from binance.ws.reconnecting_websocket import ReconnectingWebsocket

SYMBOL = "BTCUSDT"
WAIT = 20.0
PAUSE = 0.5
"""Seconds that python-binance waits for a push before it looks whether it is to be closed; by default 10."""


async def trade(client: Any) -> dict[str, Any]:
    """Place, list, cancel, and read what came of it; Aster has other versions of some calls than Binance."""
    limit = {"symbol": SYMBOL, "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "newClientOrderId": "foreign-1"}
    placed = await client.futures_create_order(**limit, quantity="0.01", price="50000")
    named = {"symbol": SYMBOL, "orderId": placed["orderId"]}
    return {
        "placed": placed,
        "open": await client.futures_get_open_orders(symbol=SYMBOL),
        "fetched": await client.futures_get_order(**named),
        "canceled": await client.futures_cancel_order(**named),
        "open after": await client.futures_get_open_orders(symbol=SYMBOL),
        "bought": await client.futures_create_order(symbol=SYMBOL, side="BUY", type="MARKET", quantity="0.02"),
        "history": await client.futures_get_all_orders(symbol=SYMBOL),
        "trades": await client.futures_account_trades(symbol=SYMBOL),
        "balance": await client.futures_account_balance(version=2),
        "positions": await client.futures_position_information(symbol=SYMBOL, version=2),
        "candles": len(await client.futures_klines(symbol=SYMBOL, interval="1m")),
    }


async def follow(client: Any, sockets: Any) -> dict[str, Any]:
    """Read the streams of the market and of the account."""
    async with sockets.futures_user_socket() as account:
        sell = {"symbol": SYMBOL, "side": "SELL", "type": "LIMIT", "timeInForce": "GTC"}
        sold = await client.futures_create_order(**sell, quantity="0.03", price="70000")
        watched = await asyncio.wait_for(account.recv(), WAIT)
    async with sockets.futures_multiplex_socket(["btcusdt@ticker"]) as market:
        ticker = await asyncio.wait_for(market.recv(), WAIT)
    return {"sold": sold, "watched": watched, "ticker": ticker}


async def main(url: str, key: str, secret: str) -> None:
    """Do it all."""
    ReconnectingWebsocket.TIMEOUT = PAUSE
    AsyncClient.FUTURES_URL = f"{url}/fapi"
    BinanceSocketManager.FSTREAM_URL = f"{url.replace('http', 'ws')}/"
    client = AsyncClient(key, secret)
    try:
        print(json.dumps(await trade(client) | await follow(client, BinanceSocketManager(client))))
    finally:
        await client.close_connection()


asyncio.run(main(*sys.argv[1:]))
