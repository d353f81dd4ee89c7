"""Asks an address with ccxt's `bybit` and with pybit, and prints as JSON what they made of the answers and pushes."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from collections.abc import Callable
from typing import Any

import ccxt.pro
import pybit.unified_trading
from foreign_pybit import WebSocket

SYMBOL = "BTC/USDT:USDT"
WAIT = 20.0


class Pybit:
    """What pybit says, by REST and by streams."""

    def __init__(self, url: str, key: str, secret: str) -> None:
        self.keys = {"api_key": key, "api_secret": secret}
        self.rest = pybit.unified_trading.HTTP(**self.keys)
        self.rest.endpoint = url
        self.url = url
        self.heard: dict[str, Any] = {}
        self.came = threading.Condition()

    def read(self) -> dict[str, Any]:
        """Read and change the account."""
        linear = {"category": "linear", "symbol": "BTCUSDT"}
        wallet = self.rest.get_wallet_balance(accountType="UNIFIED")["result"]["list"][0]
        return {
            "equity": wallet["totalEquity"],
            "position": self.rest.get_positions(**linear)["result"]["list"][0]["size"],
            "leverage": self.rest.set_leverage(**linear, buyLeverage="5", sellLeverage="5")["retMsg"],
            "stop": self.rest.set_trading_stop(**linear, tpslMode="Full", positionIdx=0, stopLoss="58000")["retMsg"],
            "pnl": self.rest.get_closed_pnl(**linear)["result"]["list"][0]["closedPnl"],
            "ledger": len(self.rest.get_transaction_log()["result"]["list"]),
            "transfers": self.rest.get_internal_transfer_records()["result"]["list"][0]["status"],
            "deposits": self.rest.get_deposit_records()["result"]["rows"][0]["coin"],
            "withdrawals": self.rest.get_withdrawal_records()["result"]["rows"][0]["status"],
            "margin": self.rest.spot_margin_trade_get_status_and_leverage()["result"]["spotMarginMode"],
            "key": self.rest.get_api_key_information()["result"]["userID"],
        }

    def listen(self) -> dict[str, Any]:
        """Follow the streams of the account and of a market."""
        private = WebSocket(self.url, "private", **self.keys)
        private.order_stream(self.note("order", "orderStatus"))
        private.execution_stream(self.note("execution", "execQty"))
        private.fast_execution_stream(self.note("fast execution", "execPrice"))
        private.position_stream(self.note("position", "entryPrice"))
        private.wallet_stream(self.note("wallet", "totalEquity"))
        private.greek_stream(self.note("greeks", "baseCoin"))
        public = WebSocket(self.url, "linear")
        public.trade_stream("BTCUSDT", self.note("trade", "s"))
        with self.came:
            self.came.wait_for(lambda: len(self.heard) == 7, WAIT)  # one for each stream above
            return dict(self.heard)

    def note(self, name: str, member: str) -> Callable[[dict[str, Any]], None]:
        """Return what keeps a member of the first item that a stream sends."""

        def keep(message: dict[str, Any]) -> None:
            with self.came:
                self.heard.setdefault(name, message["data"][0][member])
                self.came.notify_all()

        return keep


def at(url: str, known: Any) -> Any:
    """Return ccxt's addresses with another host."""
    if isinstance(known, dict):
        return {name: at(url, address) for name, address in known.items()}
    return url + known[known.find("/v5") :] if "/v5" in known else url


async def ask_ccxt(url: str, key: str, secret: str) -> dict[str, Any]:
    """Read the account and follow its streams with ccxt."""
    exchange = ccxt.pro.bybit({"apiKey": key, "secret": secret, "options": {"defaultType": "swap"}})
    streams = exchange.urls["api"].pop("ws")
    exchange.urls["api"] = {**at(url, exchange.urls["api"]), "ws": at(url.replace("http", "ws"), streams)}
    try:
        await exchange.load_markets()
        position = (await exchange.fetch_positions([SYMBOL]))[0]
        return {
            "free": (await exchange.fetch_balance())["USDT"]["total"],
            "position": [position["side"], position["contracts"], position["entryPrice"]],
            "leverage": (await exchange.set_leverage(5, SYMBOL))["retMsg"],
            "ledger": [entry["type"] for entry in await exchange.fetch_ledger("USDT")],
            "transfers": [one["status"] for one in await exchange.fetch_transfers("USDT")],
            "transferred": (await exchange.transfer("USDT", 1, "unified", "funding"))["status"],
            "fee": (await exchange.fetch_trading_fee(SYMBOL))["taker"],
            "order": (await asyncio.wait_for(exchange.watch_orders(SYMBOL), WAIT))[0]["status"],
            "trade": (await asyncio.wait_for(exchange.watch_my_trades(SYMBOL), WAIT))[0]["amount"],
            "watched": (await asyncio.wait_for(exchange.watch_positions([SYMBOL]), WAIT))[0]["entryPrice"],
            "balance": (await asyncio.wait_for(exchange.watch_balance(), WAIT))["USDT"]["total"],
        }
    finally:
        await exchange.close()


theirs = Pybit(*sys.argv[1:])
print(json.dumps({"pybit": theirs.read(), "streams": theirs.listen(), "ccxt": asyncio.run(ask_ccxt(*sys.argv[1:]))}))
sys.stdout.flush()
os._exit(0)  # pybit's threads never end
