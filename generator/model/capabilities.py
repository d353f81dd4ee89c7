"""What can be done with an API: computed from what its calls and channels are about, so that it is always true."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from generator.model.api import Api
from generator.model.books import books
from generator.model.operations import Operation
from generator.model.per_api import per_api
from generator.model.summary import Capabilities
from generator.model.waiting import waitings

Test = Callable[[Api, Operation], bool]


def _does(verb: str, thing: str, *, every: bool = False) -> Test:
    def test(_: Api, operation: Operation) -> bool:
        return any((deed.verb, deed.thing, deed.every) == (verb, thing, every) for deed in operation.deeds)

    return test


def _either(*tests: Test) -> Test:
    return lambda api, operation: any(test(api, operation) for test in tests)


def _batch(verb: str) -> Test:
    return lambda api, operation: operation.does(verb, "order") and api.meanings.is_batch(operation)


def _single(verb: str) -> Test:
    return lambda api, operation: operation.does(verb, "order") and not api.meanings.is_batch(operation)


def _by_client_id(_: Api, operation: Operation) -> bool:
    finds = operation.does("get", "order") or operation.does("list", "order")
    # By the meaning of the parameter, since every exchange names it differently.
    return finds and any(param.phrase == "client_id" for param in operation.params)


def _lists(*states: str) -> Test:
    return lambda _, operation: operation.does("list", "order") and operation.of in states


def _about(thing: str) -> Test:
    return _either(_does("get", thing), _does("list", thing))


# In the order of a trader's questions: orders, account, market. Computed, because a list by hand would grow old.
OPERATIONS: Mapping[str, Test] = {
    "Place an order": _single("place"),
    "Place several orders": _batch("place"),
    "Amend an order": _does("amend", "order"),
    "Cancel an order": _single("cancel"),
    "Cancel several orders": _batch("cancel"),
    "Cancel all orders": _does("cancel", "order", every=True),
    "Close a position": _either(_does("close", "position"), _does("close", "position", every=True)),
    "Get an order": _does("get", "order"),
    "Find an order by client order id": _by_client_id,
    "List open orders": _lists("open"),
    "List closed orders": _lists("closed", "all"),
    "Look up a lost order": lambda _, operation: bool(operation.lookups),
    "Account trades": _about("fill"),
    "Positions": _about("position"),
    "Balances": _about("balance"),
    "Ledger": _about("entry"),
    "Set the leverage": _does("set", "leverage"),
    "Set the margin mode": _does("set", "isolated"),
    "Borrow": _does("place", "loan"),
    "Repay": _does("place", "repayment"),
    "Transfer": _does("place", "transfer"),
    "Symbols and their limits": _about("instrument"),
    "Order book": _about("book"),
    "Trades": _about("trade"),
    "Klines": _about("candle"),
    "Tickers": _about("ticker"),
}
STREAMS = {
    "Stream of an order book": "book",
    "Stream of trades": "trade",
    "Stream of klines": "candle",
    "Stream of tickers": "ticker",
    "Stream of your orders": "order",
    "Stream of your positions": "position",
    "Stream of your balances": "balance",
}
"""Capability → the thing that a channel carries."""

WAITED_FOR = "Orders that `client.wait` waits for"
KEPT_BOOK = "Order book that `streams.book` keeps"
NAMES = (*OPERATIONS, WAITED_FOR, *STREAMS, KEPT_BOOK)
"""All capabilities, in the order of the table."""


@per_api
def capabilities(api: Api) -> Capabilities:
    """Return what can be done with an API, and by what."""
    return {name: found for name, found in _all(api) if found}


def _all(api: Api) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, test in OPERATIONS.items():
        # Every capability, also without a page: the caller drops those, and a table over several APIs shows the gap.
        yield name, tuple(f"{o.group}/{o.name}" for o in api.operations if test(api, o))
    yield WAITED_FOR, tuple(f"{o.group}/{o.name}" for waiting in waitings(api) for o in waiting.makers)
    channels = api.streams.channels if api.streams else ()
    for name, thing in STREAMS.items():
        yield name, tuple(
            f"streams/{channel.name}"
            for channel in channels
            if any(api.meanings.held(typed, thing) for typed in channel.types)
        )
    yield KEPT_BOOK, tuple(f"streams/{book.channel.name}" for book in books(api))
