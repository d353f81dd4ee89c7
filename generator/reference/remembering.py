"""Decides the content of the page about the mock exchange: which calls remember, and with which codes they refuse."""

from __future__ import annotations

from generator.model.api import Api
from generator.model.operations import Deed, Operation
from generator.model.remembering import OrderMemory
from generator.words.markdown import code, link

DOES = {"place": "places an order", "cancel": "cancels an order"}
GETS = {"open": "returns an open order", "closed": "returns an order that ended"}
LISTS = {"open": "lists open orders", "closed": "lists orders that ended", "all": "lists all orders"}


def remembered_rows(api: Api) -> list[tuple[str, str]]:
    """Return the calls that make and remember orders, and what each does."""
    memory = OrderMemory(api)
    found = [(operation, memory.deed(operation)) for operation in api.operations]
    return [(_link(operation), _words(operation, deed)) for operation, deed in found if deed is not None]


def _link(operation: Operation) -> str:
    return link(code(operation.full_name), operation.full_name.replace(".", "/") + ".md")


def _words(operation: Operation, deed: Deed) -> str:
    if deed.verb == "list":
        return LISTS[operation.of]
    if deed.verb == "get":
        return GETS.get(operation.of, "returns an order")
    return "cancels all open orders" if deed.every else DOES[deed.verb]


def remembered_symbol(api: Api) -> str:
    """Return a symbol as orders name it."""
    memory = OrderMemory(api)
    makers = [o for o in api.operations if (deed := memory.deed(o)) is not None and deed.verb == "place"]
    symbols = [o.example.get(param.wire) for o in makers for param in o.params if param.phrase == "symbol"]
    return str(symbols[0]) if symbols else ""
