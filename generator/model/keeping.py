"""Which calls can show or change what the mock exchange remembers beside orders: fills, money, prices."""

from __future__ import annotations

from generator.model.api import Api
from generator.model.operations import Operation
from generator.model.remembering import OrderMemory, is_paging
from generator.model.replies import Holder
from generator.model.types import TIMES, Param
from generator.model.vocabulary import SETTINGS

SHOWN = frozenset({"fill", "position", "balance", "entry", "loan", "repayment", "trade", "candle", "ticker", "book"})
"""What the mock exchange keeps as orders are filled and money is lent, so that it can show it."""
MADE = frozenset({"loan", "repayment"})
"""What calls make, beside orders: transfers move money from where the mock exchange does not look."""

SENT = frozenset(
    {
        "id",
        "symbol",
        "coin",
        "quantity",
        "order.id",
        "leverage",
        "isolated",
        "hedged",
        "step",
        "position.side",
        "exit.stop price",
        "exit.take_profit price",
        "within",
    }
)
"""What the mock exchange understands when it is asked for such things, beside times and pages."""


class ThingMemory:
    """Finds the calls of one API that are about things which are no orders."""

    def __init__(self, api: Api, orders: OrderMemory) -> None:
        self._orders = orders
        self._replies = orders.replies
        about = [o for o in api.operations if any(deed.about in ("order", "balance") for deed in o.deeds)]
        self._shelves = {"", *(operation.shelf.name for operation in about)}
        self._exits = api.mock.trading.exits
        self.trades: bool = any(orders.deed(operation) for operation in api.operations)
        """Whether orders can be placed: without any nothing would ever move, and examples say more than empty lists."""

    def verb(self, operation: Operation) -> str | None:
        """Return what an operation does: get, list, place, set or amend; None where its example is played back."""
        if not self.trades or not operation.deeds or not self._is_understood(operation):
            return None
        if operation.shelf.name not in self._shelves:
            return None  # of an account in which nothing happens
        verbs = {deed.verb for deed in operation.deeds}
        is_set = verbs == {"set"} and all(deed.thing in SETTINGS for deed in operation.deeds)
        has_exits = operation.does("amend", "position") and self._exits is not None
        return operation.deeds[0].verb if len(verbs) == 1 and (is_set or has_exits or self.holders(operation)) else None

    def holders(self, operation: Operation) -> tuple[Holder, ...]:
        """Return where an answer has such things."""
        return tuple(
            holder
            for deed in operation.deeds
            if (deed.verb in ("get", "list") and deed.thing in SHOWN) or (deed.verb == "place" and deed.thing in MADE)
            for holder in self._replies.holders(operation, deed.thing)
        )

    def _is_understood(self, operation: Operation) -> bool:
        needed = (param for param in operation.params if param.required and not param.common)
        return not operation.shelf.by and all(self._can_send(param, operation) for param in needed)

    def _can_send(self, param: Param, operation: Operation) -> bool:
        if is_paging(param, operation) or param.type.kind in TIMES:
            return True
        is_harmless = param.means is not None and not param.means.phrases
        return param.phrase in SENT or is_harmless or () in self._orders.says(param).values()
