# Edited in templates/venues/mock/books/groups.py; the copy in generated/ is imported.
"""Orders that depend on each other: one that trades cancels its rivals, and starts those that wait for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal

from msgspec.structs import replace

from venues.mock.books.account import Account
from venues.mock.books.asked import Asked
from venues.mock.books.facts import Facts, facts_of_group, facts_of_order
from venues.mock.books.journal import Journal, Regrouped
from venues.mock.books.matching import Matching
from venues.mock.books.order import Group, NotSimulated, Order, Status
from venues.mock.books.pages import note_page, page_of, within
from venues.mock.books.placing import Placing
from venues.mock.books.reply import Replies
from venues.mock.books.understanding import FOUND, ORDERED, asked_for
from venues.mock.declared.operations import Operation
from venues.mock.declared.things import Leg, Orders
from venues.mock.exact import Json
from venues.mock.request.received import RequestRefused

FIRST_ID = 2_000_001


class Groups:
    """The groups of one account; they hear of each order that is filled, triggered or ended."""

    def __init__(
        self,
        account: Account,
        matching: Matching,
        placing: Placing,
        replies: Replies,
        journal: Journal,
        check_client_id: Callable[[Operation, Orders, str | None], None],
        keep_id: Callable[[Order], Order],
    ) -> None:
        self._account, self._matching, self._placing = account, matching, placing
        self._replies, self._journal = replies, journal
        self._check_client_id, self._keep_id = check_client_id, keep_id
        self.groups: dict[int, Group] = {}
        matching.on_change = self._follow

    def body(self, operation: Operation, arguments: Mapping[str, Json]) -> Json:
        """Do what a call asks of groups, and return the body of its answer.

        Raises:
            RequestRefused: if the exchange would refuse it.
        """
        declared = operation.groups
        assert declared is not None  # the caller asks only for calls about groups
        asked = asked_for(operation.full_name, declared.sent, arguments, understood=FOUND)
        if declared.does == "place":
            return self._bodies(operation, declared, [self._place(operation, declared, asked, arguments)])
        found = [*self._found(declared, asked)]
        if declared.does == "list":
            return self._list(operation, declared, found, arguments)
        if not found:
            raise RequestRefused("unknown_order", "no such order list", code=declared.absent)
        if declared.does == "cancel":
            self._end(self._open(found[-1]), "cancelled")
        return self._bodies(operation, declared, [self.groups[found[-1].id]])

    def _found(self, declared: Orders, asked: Asked) -> Iterator[Group]:
        is_open = declared.does == "cancel" or declared.of == "open"
        for group in self.groups.values():
            fits = all(str(getattr(group, phrase)) == text for phrase, text in asked.texts.items())
            if fits and (group.status == "open" or not is_open):
                yield group

    def _list(
        self, operation: Operation, declared: Orders, found: Sequence[Group], arguments: Mapping[str, Json]
    ) -> Json:
        found = within(found, declared.span, arguments)
        page = page_of(found, declared.paging, arguments)
        body = self._bodies(operation, declared, page)
        if declared.paging is not None:
            note_page(body, declared.paging, page, len(found), arguments)
        return body

    def _bodies(self, operation: Operation, declared: Orders, groups: Iterable[Group]) -> Json:
        return self._replies.body(operation, declared.holders, {"group": [self._facts(group) for group in groups]})

    def _facts(self, group: Group) -> Facts:
        fills_of = self._matching.fills_of
        return facts_of_group(group, [facts_of_order(order, fills_of(order)) for order in self._orders_of(group)])

    def _orders_of(self, group: Group) -> list[Order]:
        return [self._matching.orders[id] for id in group.legs]

    def _keep(self, group: Group) -> None:
        self.groups[group.id] = group
        self._journal.note(Regrouped(group, tuple(self._orders_of(group))))

    def _place(self, operation: Operation, declared: Orders, asked: Asked, arguments: Mapping[str, Json]) -> Group:
        """Place the orders of a group, all or none of them."""
        asks = {leg.name: self._asked(operation, leg, asked, arguments) for leg in declared.legs}
        orders = [*self._orders(operation, declared, asks)]
        begins = [order for order, leg in zip(orders, declared.legs, strict=True) if leg.after is None]
        for order in begins:
            self._matching.check(order, refuses_triggered=True)
        begins = self._locked(begins)
        id = FIRST_ID + len(self.groups)
        names = {leg.name: order.id for leg, order in zip(declared.legs, orders, strict=True)}
        after = {names[leg.name]: names.get(leg.after or "") for leg in declared.legs}
        now = self._matching.now
        kind = "oto" if any(leg.after for leg in declared.legs) else "oco"
        own = asked.texts.get("client_id", f"mock-list-{id}")
        for order in (*orders, *begins):
            # An order is announced only once it is placed, but its rivals may end it by then.
            self._matching.reserve(self._keep_id(replace(order, group=id, is_pending=True)))
        self._keep(Group(id, own, orders[0].symbol, kind, after, now, now))
        for order in orders:
            if after[order.id] is not None:
                self._matching.keep(self._matching.orders[order.id])
        self._start(order.id for order in begins)
        return self.groups[id]

    @staticmethod
    def _asked(operation: Operation, leg: Leg, common: Asked, arguments: Mapping[str, Json]) -> Asked:
        already = Asked({"symbol": common.texts.get("symbol", "")}, {*leg.kind})
        asked = asked_for(operation.full_name, leg.sent, arguments, already, ORDERED)
        if "stop" in asked.features and "stop price" not in asked.texts and "trailing" not in asked.texts:
            raise NotSimulated(f"{operation.full_name}: {leg.name} waits for a price, and does not say for which")
        return asked

    def _orders(self, operation: Operation, declared: Orders, asks: Mapping[str, Asked]) -> Iterator[Order]:
        for number, asked in enumerate(asks.values()):
            self._check_client_id(operation, declared, asked.texts.get("client_id"))
            order = self._placing.order(operation, declared, asked, {})
            id = order.id + number
            yield replace(order, id=id, client_id=order.client_id if order.own_id else f"mock-{id}")

    def _locked(self, rivals: Sequence[Order]) -> list[Order]:
        """Return orders of which only one can be filled: money is locked for the one that may cost most."""
        costly = max(rivals, key=lambda order: (order.price or self._worst(order)) * order.quantity)
        return [
            self._account.lock(each, each.price or self._worst(each)) if each is costly else each for each in rivals
        ]

    def _worst(self, order: Order) -> Decimal:
        waits = (order.trigger.stop or order.trigger.take_profit) if order.trigger else None
        return waits or self._matching.price_of(order.symbol) or Decimal(0)

    def _start(self, ids: Iterable[int]) -> None:
        for id in ids:
            order = self._matching.orders[id]
            if order.status == "open" and order.is_pending:
                self._matching.place(replace(order, is_pending=False), is_locked=True)

    def trigger(self, order: Order) -> Order:
        """End the rivals of an order that has fired, and return it with the money that they had locked."""
        group = self.groups.get(order.group or 0)
        if group is None:
            return order
        self._end(self._rivals(group, order), "expired")
        with suppress(RequestRefused):
            return order if order.held else self._account.lock(order, order.price or self._worst(order))
        return order  # what its rivals had locked was less; it is filled all the same

    def _follow(self, order: Order) -> None:
        """Do what follows from a fill or an end for the other orders of a group."""
        group = self.groups.get(order.group or 0)
        if group is None:
            return
        if order.filled:
            self._end(self._rivals(group, order), "expired")
        elif order.status in ("cancelled", "expired"):
            self._end([*self._rivals(group, order), *self._waiting(group, order)], order.status)
        if order.status == "filled":
            # Later, for the market may be in the middle of a move.
            self._matching.later.append(lambda: self._release(group, order))
        if not self._open(group) and self.groups[group.id].status == "open":
            self._keep(replace(group, status="done", changed_at=self._matching.now))

    def _release(self, group: Group, order: Order) -> None:
        """Place the orders that waited for this one; they end where money does not suffice, or the price is wrong."""
        waiting = self._waiting(group, order)
        try:
            for each in waiting:
                self._matching.check(each, refuses_triggered=False)
            ready = self._locked(waiting) if waiting else []
        except RequestRefused:
            self._end(waiting, "expired")
            return
        for each in ready:
            self._matching.orders[each.id] = each
        self._start(each.id for each in ready)

    def _open(self, group: Group) -> list[Order]:
        return [order for order in self._orders_of(group) if order.status == "open"]

    def _rivals(self, group: Group, order: Order) -> list[Order]:
        after = group.legs[order.id]
        return [each for each in self._open(group) if group.legs[each.id] == after and each.id != order.id]

    def _waiting(self, group: Group, order: Order) -> list[Order]:
        return [each for each in self._open(group) if group.legs[each.id] == order.id]

    def _end(self, orders: Iterable[Order], status: Status) -> None:
        for order in orders:
            self._matching.end_open(order, status)
