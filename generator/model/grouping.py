"""Which calls are about groups of orders that the mock exchange keeps, such as OCO: those whose legs a spec names."""

from __future__ import annotations

from generator.model.api import Api
from generator.model.deeds import Deed
from generator.model.operations import Operation
from generator.model.remembering import OrderMemory

VERBS = frozenset({"place", "cancel", "get", "list"})
"""What can be done with a group that the mock exchange remembers."""


class GroupMemory:
    """Finds the calls of one API with which groups of orders can be placed, found and canceled."""

    def __init__(self, api: Api, orders: OrderMemory) -> None:
        self._replies = orders.replies
        trades = any(orders.deed(operation) for operation in api.operations)
        self._shelves = {o.shelf for o in api.operations if trades and o.legs}

    def deed(self, operation: Operation) -> Deed | None:
        """Return what a call does with groups that are remembered; None where its example is played back."""
        deed = operation.deeds[0] if len(operation.deeds) == 1 else None
        if deed is None or deed.thing != "group" or deed.verb not in VERBS or operation.shelf not in self._shelves:
            return None
        is_whole = bool(operation.legs) or deed.verb != "place"
        return deed if is_whole and self._replies.can_write(operation, "group") else None
