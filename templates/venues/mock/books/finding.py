# Edited in templates/venues/mock/books/finding.py; the copy in generated/ is imported.
"""Finds the orders that calls are about: by id or client id, by symbol, by what they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from venues.mock.books.account import Account
from venues.mock.books.asked import Asked
from venues.mock.books.facts import statuses_of, subsets
from venues.mock.books.matching import Matching
from venues.mock.books.order import NotSimulated, Order
from venues.mock.books.slots import choices_of
from venues.mock.declared.operations import Operation
from venues.mock.declared.things import Orders
from venues.mock.exact import Json
from venues.mock.request.received import RequestRefused
from venues.mock.request.rules import is_met


class Finding:
    """Finds the orders of one account."""

    def __init__(self, account: Account, matching: Matching) -> None:
        self._account, self._matching = account, matching
        self._ids: dict[str, list[int]] = {}
        """Client id → ids, so that a call costs the same after many orders."""

    def keep_id(self, order: Order) -> Order:
        """Remember the client id of an order, and return it."""
        self._ids.setdefault(order.client_id, []).append(order.id)
        return order

    def check_client_id(self, operation: Operation, declared: Orders, own: str | None) -> None:
        """Refuse a client id that was used before, for as long as the exchange does so."""
        if own is None or declared.unique is None:
            return
        known = [each for each in self._candidates({"client_id": own}) if each.shelf == declared.shelf]
        if not any(each.status == "open" or declared.unique != "open" for each in known):
            return
        if declared.duplicate is None:
            raise NotSimulated(f"{operation.full_name}: no code for a client id that was used before is documented")
        raise RequestRefused("duplicate_client_id", f"{own} was used before", code=declared.duplicate)

    def one(self, operation: Operation, declared: Orders, asked: Asked, of: str) -> Order:
        """Find the order that a call is about.

        Raises:
            RequestRefused: if there is none.
        """
        if "id" not in asked.texts and "client_id" not in asked.texts:
            raise NotSimulated(f"{operation.full_name} without an order id")
        found = self.matches(declared, asked, of)
        if found:
            # Where one client id was used several times, the open order counts, and then the latest.
            return max(found, key=lambda each: (each.status == "open", each.id))
        if declared.absent is None:
            raise NotSimulated(f"{operation.full_name}: no code for an order that is not there is documented")
        raise RequestRefused("unknown_order", "no such order", code=declared.absent)

    def matches(self, declared: Orders, asked: Asked, of: str) -> list[Order]:
        """Return the orders that a call means, the oldest first."""
        wanted: dict[str, str] = {
            phrase: asked.texts[phrase] for phrase in ("id", "client_id", "symbol") if phrase in asked.texts
        }
        return [
            order
            for order in self._candidates(wanted, of)
            if order.shelf == declared.shelf
            and (of not in ("open", "closed") or (order.status == "open") == (of == "open"))
            and all(str(getattr(order, phrase)) == text for phrase, text in wanted.items())
            and ("side" not in asked.sides or order.side in asked.sides["side"])
            and (not asked.kinds or _is_of_kind(order, asked))
            and all(
                self._account.instruments.of(order.symbol).coin(which) == asked.texts[which]
                for which in ("coin", "base")
                if which in asked.texts
            )
        ]

    def _candidates(self, wanted: Mapping[str, str], of: str = "all") -> Iterable[Order]:
        """Return the orders with an id or client id, or all."""
        orders = self._matching.orders
        if "id" in wanted:
            return [orders[int(wanted["id"])]] if wanted["id"].isdecimal() and int(wanted["id"]) in orders else []
        if "client_id" in wanted:
            return [orders[id] for id in self._ids.get(wanted["client_id"], ())]
        return self._matching.open_orders(wanted.get("symbol")) if of == "open" else orders.values()


def kind_asked_for(declared: Orders, arguments: Mapping[str, Json]) -> str:
    """Return whether a call finds open orders, closed ones or all, which may depend on what it is sent."""
    fitting = (case.of for case in declared.of_cases if all(is_met(one, arguments) for one in case.when))
    return next(fitting, declared.of)


def _is_of_kind(order: Order, asked: Asked) -> bool:
    """Whether a parameter that asks for orders of a kind would say so of this one."""
    for says, words in asked.kinds:
        sayable = {*map(frozenset, says.values())}
        shown = next((each for each in map(frozenset, subsets(order.features)) if each in sayable), None)
        if shown != frozenset(words):
            return False
    return True


def shows(declared: Orders, order: Order, asked: Asked) -> bool:
    """Whether an order is shown with the status that is asked for."""
    wanted = asked.sides.get("status")
    members = (member for holder in declared.holders for member in holder.members if member.phrase == "status")
    choices = choices_of(next(members)) if wanted is not None else {}
    shown = next((words for words in statuses_of(order) if frozenset(words) in choices), None)
    return wanted is None or (shown is not None and set(shown) == set(wanted))
