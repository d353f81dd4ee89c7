"""What the mock exchange needs to keep groups of orders, such as OCO: which calls are about them, and their legs."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from generator.mock.orders import OrderCalls
from generator.mock.signing import set_members
from generator.model.api import Api
from generator.model.deeds import Leg
from generator.model.grouping import GroupMemory
from generator.model.operations import Operation
from generator.model.remembering import span_of
from generator.model.types import Meaning, Phrase

Data = dict[str, Any]  # JSON


class GroupCalls:
    """Says of the calls of one API what they do with groups of orders."""

    def __init__(self, api: Api, orders: OrderCalls) -> None:
        self._orders = orders
        self._memory = GroupMemory(api, orders.memory)

    def of(self, operation: Operation) -> Data:
        """Return what an operation does with groups; nothing where its example is played back."""
        deed = self._memory.deed(operation)
        if deed is None:
            return {}
        return set_members(
            does=deed.verb,
            of=operation.of,
            shelf=operation.shelf.name,
            wallet=self._orders.wallet(operation),
            sent=self._sent(operation),
            span=span_of(operation),
            paging=self._orders.paging(operation),
            holders=self._orders.holders.of(operation, "group"),
            absent=self._orders.code(operation, "OrderNotFound"),
            duplicate=self._orders.code(operation, "DuplicateClientId"),
            legs=[self._leg(leg, operation) for leg in operation.legs],
        )

    def _sent(self, operation: Operation) -> list[Data]:
        """Return the parameters that are about the group itself, or whose meaning is unknown."""
        of_legs = {wire for leg in operation.legs for wire in leg.sent}
        return self._orders.sent([param for param in operation.params if param.wire not in of_legs], operation)

    def _leg(self, leg: Leg, operation: Operation) -> Data:
        params = {param.wire: param for param in operation.params}
        sent = [
            replace(params[wire], means=Meaning((Phrase(phrase),)))
            for wire, phrase in leg.sent.items()
            if wire in params
        ]
        return set_members(name=leg.name, after=leg.after, kind=[*leg.kind], sent=self._orders.sent(sent, operation))
