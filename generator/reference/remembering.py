"""Decides the content of the page about the mock exchange: which calls remember, and with which codes they refuse."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.api import Api
from generator.model.deeds import Deed
from generator.model.grouping import GroupMemory
from generator.model.keeping import ThingMemory
from generator.model.markets import in_each_market
from generator.model.mock_facts import TradingFacts
from generator.model.operations import Operation
from generator.model.remembering import order_memory
from generator.words.markdown import code, link

DOES = {
    "place": "places",
    "amend": "changes",
    "cancel": "cancels",
    "close": "closes",
    "set": "changes",
    "get": "returns",
    "list": "lists",
}
ORDERS = {"open": "open orders", "closed": "orders that ended", "all": "all orders"}
ONE = {"open": "an open order", "closed": "an order that ended"}
SHOWN = {
    "fill": "fills",
    "balance": "balances",
    "position": "positions",
    "loan": "loans",
    "repayment": "repayments",
    "entry": "the ledger",
    "trade": "public trades",
    "candle": "klines",
    "ticker": "prices",
    "book": "the order book",
    "leverage": "the leverage",
    "isolated": "the margin mode",
    "hedged": "the position mode",
}
GROUPS = {
    "place": "places an order list",
    "cancel": "cancels an order list",
    "get": "returns an order list",
    "list": "lists order lists",
}
MADE = {"loan": "borrows", "repayment": "repays"}


def remembered_rows(api: Api) -> list[tuple[str, str]]:
    """Return the calls that act on what is remembered, and what each does."""
    each = [dict(_rows(market)) for market in _markets(api)]
    calls = [_link(operation) for operation in api.operations]
    found = {call: next((rows[call] for rows in each if call in rows), None) for call in calls}
    return [(call, does) for call, does in found.items() if does is not None]


def _markets(api: Api) -> list[Api]:
    """Return an API as each of its markets has it in which can be traded; as it is where it has but one."""
    return [*in_each_market(api).values()] or [api]


def _rows(api: Api) -> Iterator[tuple[str, str]]:
    orders = order_memory(api)
    things, groups = ThingMemory(api, orders), GroupMemory(api, orders)
    for operation in api.operations:
        deed = orders.deed(operation)
        if deed is not None:
            yield _link(operation), _words(operation, deed, several=bool(orders.items(operation)))
        elif (grouped := groups.deed(operation)) is not None:
            yield _link(operation), GROUPS[grouped.verb]
        elif things.verb(operation) is not None:
            yield _link(operation), _thing_words(operation)


def market_facts(api: Api) -> list[tuple[str, TradingFacts]]:
    """Return what is said of trading in each market, with its name as a lead; without one where there is but one."""
    markets = [(f"{code(name)}: ", own.trading) for name, own in api.mock.markets.items()]
    return markets or [("", api.mock.trading)]


def _link(operation: Operation) -> str:
    return link(code(operation.full_name), operation.full_name.replace(".", "/") + ".md")


def _words(operation: Operation, deed: Deed, *, several: bool) -> str:
    if deed.verb == "list":
        return f"lists {ORDERS[operation.of]}"
    if deed.verb == "get":
        return f"returns {ONE.get(operation.of, 'an order')}"
    if deed.verb == "close":
        return "closes all positions" if deed.every else "closes a position"
    if deed.every:
        later = any(param.phrase == "after" for param in operation.params)
        return "cancels all open orders" + (" after a time" if later else "")
    return f"{DOES[deed.verb]} {'several orders' if several else 'an order'}"


def _thing_words(operation: Operation) -> str:
    verb = operation.deeds[0].verb
    if verb == "amend":
        return "changes take-profit and stop-loss of a position"
    shown = [SHOWN[deed.thing] for deed in operation.deeds]
    return MADE[operation.deeds[0].thing] if verb == "place" else f"{DOES[verb]} {' and '.join(shown)}"


def remembered_symbol(api: Api) -> str:
    """Return a symbol as orders name it."""
    api = _markets(api)[0]
    memory = order_memory(api)
    makers = [o for o in api.operations if (deed := memory.deed(o)) is not None and deed.verb == "place"]
    symbols = [o.example.get(param.wire) for o in makers for param in o.params if param.phrase == "symbol"]
    return str(symbols[0]) if symbols else ""
