"""Trades at an address with pybit and with ccxt's `bybit`, and prints as JSON what they made of the answers and pushes."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import threading
import traceback
from typing import Any

import ccxt.pro
import pybit.unified_trading
from foreign_pybit import WebSocket

SYMBOL = "BTCUSDT"
PAIRS = {"spot": "BTC/USDT", "linear": "BTC/USDT:USDT"}
KINDS = {"spot": 4, "linear": 5}
"""How many streams of each market are followed: orders, executions, money, trades, and positions."""
WAIT = 20.0


class Subscribed(logging.Handler):
    """Counts the subscriptions that the exchange has accepted; pybit says that nowhere but in its log."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.count = 0
        self.came = threading.Condition()
        log = logging.getLogger("pybit._websocket_stream")
        log.setLevel(logging.DEBUG)
        log.propagate = False
        log.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Count a line that says so."""
        if "successful" in record.getMessage() and "Subscription" in record.getMessage():
            with self.came:
                self.count += 1
                self.came.notify_all()

    def wait(self, count: int) -> None:
        """Wait until there are so many in all."""
        with self.came:
            assert self.came.wait_for(lambda: self.count >= count, WAIT), self.count


class Pybit:
    """What pybit says of one market, by REST and by streams."""

    def __init__(self, url: str, key: str, secret: str, market: str) -> None:
        self.keys = {"api_key": key, "api_secret": secret}
        self.rest = pybit.unified_trading.HTTP(**self.keys)
        self.rest.endpoint = url
        self.url = url
        self.where = {"category": market, "symbol": SYMBOL}
        self.heard: dict[str, list[Any]] = {}
        self.came = threading.Condition()

    def listen(self) -> int:
        """Follow the streams of the account and of the market; return how many they are."""
        private = WebSocket(self.url, "private", **self.keys)
        private.order_stream(self.note("order", "orderStatus"))
        private.execution_stream(self.note("execution", "execQty"))
        private.wallet_stream(self.note("wallet", "accountType"))
        if self.where["category"] == "linear":
            private.position_stream(self.note("position", "size"))
        public = WebSocket(self.url, self.where["category"])
        public.trade_stream(SYMBOL, self.note("trade", "p"))
        return KINDS[self.where["category"]]

    def note(self, name: str, member: str) -> Any:
        """Return what keeps a member of each item that a stream sends."""

        def keep(message: dict[str, Any]) -> None:
            with self.came:
                self.heard.setdefault(name, []).extend(item[member] for item in message["data"])
                self.came.notify_all()

        return keep

    def trade(self) -> dict[str, Any]:
        """Place, list, amend, cancel and fill orders, and read what became of them."""
        rest, where = self.rest, self.where
        rest.place_order(**where, side="Buy", orderType="Limit", qty="0.5", price="59000", orderLinkId="mine-1")
        opened = self.one(rest.get_open_orders(**where))
        rest.amend_order(**where, orderLinkId="mine-1", price="58000")
        amended = self.one(rest.get_open_orders(**where, orderLinkId="mine-1"))
        rest.cancel_order(**where, orderLinkId="mine-1")
        ended = self.one(rest.get_order_history(**where))
        unit = {"marketUnit": "baseCoin"} if where["category"] == "spot" else {}
        rest.place_order(**where, side="Buy", orderType="Market", qty="0.25", orderLinkId="mine-2", **unit)
        fill = self.one(rest.get_executions(**where))
        instrument = self.one(rest.get_instruments_info(**where))
        return {
            "opened": [opened[name] for name in ("orderLinkId", "side", "price", "qty", "orderStatus")],
            "amended": amended["price"],
            "ended": [ended[name] for name in ("orderLinkId", "orderStatus", "cumExecQty")],
            "fill": [fill[name] for name in ("orderLinkId", "execPrice", "execQty", "isMaker")],
            "tick": instrument["priceFilter"]["tickSize"],
            "batch": self.batch(),
            "canceled": len(rest.cancel_all_orders(**where)["result"]["list"]),
        }

    def batch(self) -> list[Any]:
        """Place two orders at once, of which one does not fit."""
        order = {"symbol": SYMBOL, "side": "Buy", "orderType": "Limit", "price": "50000"}
        request = [order | {"qty": "0.1", "orderLinkId": "good"}, order | {"qty": "0.00000001", "orderLinkId": "bad"}]
        answer = self.rest.place_batch_order(category=self.where["category"], request=request)
        codes = [item["code"] for item in answer["retExtInfo"]["list"]]
        return [[item.get("orderLinkId") for item in answer["result"]["list"]], codes]

    def account(self) -> dict[str, Any]:
        """Return balances and positions."""
        coins = self.one(self.rest.get_wallet_balance(accountType="UNIFIED"))["coin"]
        positions = self.rest.get_positions(category="linear", symbol=SYMBOL)["result"]["list"]
        balances = {coin["coin"]: coin["walletBalance"] for coin in coins}
        return {"balances": balances, "positions": [[one["side"], one["size"], one["avgPrice"]] for one in positions]}

    @staticmethod
    def one(answer: Any) -> Any:
        """Return the first item of an answer."""
        return answer["result"]["list"][0]

    def told(self, wanted: int) -> dict[str, list[Any]]:
        """Return what the streams said, once so many kinds have said something of the last order."""
        with self.came:
            self.came.wait_for(lambda: len(self.heard) == wanted and "Filled" in self.heard.get("order", []), WAIT)
            return dict(self.heard)


def at(url: str, known: Any) -> Any:
    """Return ccxt's addresses with another host."""
    if isinstance(known, dict):
        return {name: at(url, address) for name, address in known.items()}
    return url + known[known.find("/v5") :] if "/v5" in known else url


async def trade_with_ccxt(url: str, key: str, secret: str) -> dict[str, Any]:
    """Trade in both markets, and follow the streams."""
    exchange = ccxt.pro.bybit({"apiKey": key, "secret": secret})
    streams = exchange.urls["api"].pop("ws")
    exchange.urls["api"] = {**at(url, exchange.urls["api"]), "ws": at(url.replace("http", "ws"), streams)}
    try:
        await exchange.load_markets()
        found: dict[str, Any] = {market: await one_market(exchange, pair) for market, pair in PAIRS.items()}
        balance = await exchange.fetch_balance()
        found["free"] = {coin: balance[coin]["total"] for coin in ("USDT", "BTC")}
        position = (await exchange.fetch_positions([PAIRS["linear"]]))[0]
        return found | {"position": [position["side"], position["contracts"], position["entryPrice"]]}
    finally:
        await exchange.close()


async def one_market(exchange: Any, pair: str) -> dict[str, Any]:
    """Place, list, cancel and fill orders of one market."""
    watched = asyncio.ensure_future(exchange.watch_orders(pair))
    ticker = asyncio.ensure_future(exchange.watch_ticker(pair))
    book = asyncio.ensure_future(exchange.watch_order_book(pair))
    shown = (await asyncio.wait_for(ticker, WAIT))["last"], (await asyncio.wait_for(book, WAIT))["bids"][0][0]
    order = await exchange.create_order(pair, "limit", "buy", 0.4, 58000)
    opened = (await exchange.fetch_open_orders(pair))[0]
    await exchange.cancel_order(order["id"], pair)
    canceled = (await exchange.fetch_canceled_orders(pair))[-1]
    await exchange.create_order(pair, "market", "buy", 0.25, 60000)
    trade = (await exchange.fetch_my_trades(pair))[-1]
    market = exchange.market(pair)
    return {
        "opened": [opened[name] for name in ("side", "price", "amount", "status")],
        "canceled": [canceled["id"] == order["id"], canceled["status"], canceled["filled"]],
        "trade": [trade[name] for name in ("side", "price", "amount", "takerOrMaker")],
        "limits": [market["precision"]["price"], market["limits"]["amount"]["min"]],
        "watched": [one["symbol"] for one in await told_of(exchange, pair, watched)][:1],
        "shown": shown,
    }


async def told_of(exchange: Any, pair: str, watched: asyncio.Task[Any]) -> Any:
    """Place and cancel orders until the stream tells of one: ccxt does not say when it has subscribed."""
    for _ in range(int(WAIT)):
        if not watched.done():
            order = await exchange.create_order(pair, "limit", "buy", 0.01, 50000)
            await exchange.cancel_order(order["id"], pair)
            await asyncio.wait({watched}, timeout=1)
    return await watched if watched.done() else []


def main(url: str, key: str, secret: str) -> dict[str, Any]:
    """Trade with both, and return what they found."""
    theirs: dict[str, Any] = {}
    subscribed, wanted = Subscribed(), 0
    for market in PAIRS:
        client = Pybit(url, key, secret, market)
        wanted += client.listen()
        subscribed.wait(wanted)
        theirs[market] = {"traded": client.trade(), "heard": client.told(KINDS[market])}
    theirs["account"] = client.account()
    return {"pybit": theirs, "ccxt": asyncio.run(trade_with_ccxt(url, key, secret))}


try:
    print(json.dumps(main(*sys.argv[1:])))
    sys.stdout.flush()
    os._exit(0)  # pybit's threads never end
except BaseException:
    traceback.print_exc()
    sys.stderr.flush()
    os._exit(1)
