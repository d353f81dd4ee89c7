# Edited in templates/venues/mock/books/engine.py; the copy in generated/ is imported.
"""Carries out the calls about orders: places, changes, cancels, finds and lists them, in the exchange's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from venues.mock.books.account import Account
from venues.mock.books.asked import Asked
from venues.mock.books.batches import Outcome, items_of, outcome_of
from venues.mock.books.countdowns import Countdowns
from venues.mock.books.exits import Exits
from venues.mock.books.facts import Facts, facts_of_order
from venues.mock.books.finding import Finding, kind_asked_for, shows
from venues.mock.books.groups import Groups
from venues.mock.books.halves import Replacing
from venues.mock.books.journal import Journal
from venues.mock.books.limits import Instruments
from venues.mock.books.matching import Matching
from venues.mock.books.order import Order
from venues.mock.books.pages import note_page, page_of, within
from venues.mock.books.placing import Placing
from venues.mock.books.purse import Holdings
from venues.mock.books.refusals import Refusals
from venues.mock.books.reply import Replies
from venues.mock.books.showing import Showing
from venues.mock.books.understanding import asked_for, understood_by
from venues.mock.declared.api import Api
from venues.mock.declared.holders import Holder
from venues.mock.declared.operations import Operation
from venues.mock.declared.things import Orders
from venues.mock.exact import Json, encoded, value_at
from venues.mock.request.received import RequestRefused


class Books:
    """The orders of one account in one market, and its money; the caller sees to it that one call comes at a time."""

    def __init__(self, api: Api, journal: Journal, holdings: Holdings, market: str = "") -> None:
        self.api: Api = api
        """What is declared of this market."""

        self.journal: Journal = journal
        instruments = Instruments(api.instruments)
        self.account: Account = Account(api.trading, api.wallets, instruments, journal, holdings, market)
        self.matching: Matching = Matching(self.account, self.journal, self._trigger)
        self.replies: Replies = Replies()
        self._finding = Finding(self.account, self.matching)
        self._placing = Placing(self.account, self.matching)
        self._refusals = Refusals(api)
        self._replacing = Replacing(self._refusals, self.replies)
        self._countdowns = Countdowns()
        exits = Exits(self.account, self.matching, self._finding.keep_id) if api.trading.exits is not None else None
        self._showing = Showing(self.account, self.matching, self.replies, exits)
        self._groups = Groups(
            self.account,
            self.matching,
            self._placing,
            self.replies,
            self.journal,
            self._finding.check_client_id,
            self._finding.keep_id,
        )

    def set_time(self, now: int) -> None:
        """Move the time on, and do what is due: a dead man's switch cancels orders."""
        self.matching.set_time(now)
        if self.account.interests is not None:
            self.account.interests.set_time(now)
        for shelf, symbol in self._countdowns.due(now) if self._countdowns.until else ():
            for order in self.matching.open_orders(symbol or None):
                if order.shelf == shelf:
                    self.matching.end_open(order, "cancelled")

    @property
    def made_up(self) -> dict[str, tuple[str, ...]]:
        """Operations → the members of what they show that are not known, and stay as in the example."""
        found = {
            name: tuple(m for holder in o.kept.holders for m in self._made_up_in(o, holder))
            for name, o in self.api.by_name.items()
            if o.kept is not None
        }
        return {name: members for name, members in found.items() if members}

    def _made_up_in(self, operation: Operation, holder: Holder) -> Iterator[str]:
        """Yield what is not known in one place, and around it where that is an account with its sums."""
        yield from self.replies.writer(holder).made_up
        if 0 in holder.path:
            around = value_at(self.replies.example(operation), holder.path[:-1])
            yield from (str(name) for name in around if name != holder.path[-1])

    def carry_out(self, operation: Operation, arguments: Mapping[str, Json], now: int) -> bytes | None:
        """Do what a call asks for, and return the body of its answer; None where that is the example.

        Raises:
            RequestRefused: if the exchange would refuse it.
            NotSimulated: if it can't be known what the exchange would do.
        """
        self.set_time(now)
        try:
            body = self._body(operation, arguments)
            if operation.variants:
                body = self.replies.in_case(operation, arguments, body)
        except RequestRefused as refused:
            raise self._refusals.with_code(operation, refused) from None
        time = self.api.envelope.time
        # Where an answer has no envelope, it has no such member.
        if time is not None and isinstance(body, dict) and time in body:
            body[time] = now
        return None if body is None else encoded(body)

    def _body(self, operation: Operation, arguments: Mapping[str, Json]) -> Json:
        declared = operation.orders
        if operation.groups is not None:
            return self._groups.body(operation, arguments)
        if declared is None:
            return self._showing.body(operation, arguments)
        asked = asked_for(operation.full_name, declared.sent, arguments, understood=understood_by(declared))
        if declared.does == "list":
            return self._list(operation, declared, asked, arguments)
        if declared.items:
            return self._batch(operation, declared, asked, arguments)
        if declared.does in ("cancel_all", "close_all"):
            return self._orders_body(operation, declared, self._do_all(operation, declared, asked))
        if declared.halves is not None:
            return self._replace(operation, declared, asked, arguments)
        return self._orders_body(operation, declared, [self._do(operation, declared, asked, arguments)])

    def _replace(self, operation: Operation, declared: Orders, asked: Asked, arguments: Mapping[str, Json]) -> Json:
        """Cancel one order and place another."""
        # Limits of the instrument are checked first: what they refuse cancels nothing.
        order = self._placing.order(operation, declared, asked, arguments)
        former = asked.other()
        return self._replacing.body(
            operation,
            declared,
            arguments,
            lambda: self.matching.end(self._finding.one(operation, declared, former, "open"), "cancelled"),
            lambda: self._take(operation, declared, asked, order),
        )

    def _do(self, operation: Operation, declared: Orders, asked: Asked, arguments: Mapping[str, Json]) -> Order:
        """Do something with one order, and return it."""
        if declared.does in ("place", "close"):
            return self._place(operation, declared, asked, arguments)
        of = "open" if declared.does in ("cancel", "amend") else kind_asked_for(declared, arguments)
        found = self._finding.one(operation, declared, asked, of)
        if declared.does == "cancel":
            return self.matching.end(found, "cancelled")
        if declared.does == "amend":
            return self._amend(operation, declared, asked, found)
        return found

    def _amend(self, operation: Operation, declared: Orders, asked: Asked, order: Order) -> Order:
        price, quantity = self._placing.changed(order, asked)
        if any(sent.phrase == "order.client_id" for sent in declared.sent):
            # Such an order has another client id afterwards, generated unless the caller sends one.
            own = asked.texts.get("order.client_id")
            self._finding.check_client_id(operation, declared, own if own != order.client_id else None)
            name = own or f"mock-{self.account.new_id()}"
            order = replace(order, client_id=name, former_client_id=order.client_id, own_id=own is not None)
        return self._finding.keep_id(self.matching.amend(order, price, quantity))

    def _do_all(self, operation: Operation, declared: Orders, asked: Asked) -> list[Order]:
        """Do something with all orders or positions, now or later, and return the orders of which it is true."""
        if declared.does == "close_all":
            return self._close_all(operation, declared, asked)
        symbol = asked.texts.get("symbol", "")
        if "after" in asked.texts:
            self._countdowns.set(declared.shelf, symbol, self.matching.now, int(asked.texts["after"]))
            return []
        return [self.matching.end_open(each, "cancelled") for each in self._finding.matches(declared, asked, "open")]

    def _close_all(self, operation: Operation, declared: Orders, asked: Asked) -> list[Order]:
        symbol = asked.texts.get("symbol")
        positions = [each for each in self.account.positions.values() if symbol in (None, each.symbol)]
        if not positions:
            raise RequestRefused("no_position", "there is no position to close")
        return [
            self._finding.keep_id(self.matching.place(self._placing.closing(operation, declared, p))) for p in positions
        ]

    def _place(self, operation: Operation, declared: Orders, asked: Asked, arguments: Mapping[str, Json]) -> Order:
        if declared.does == "close" and "quantity" not in asked.texts:
            asked = self._whole(asked)
        return self._take(operation, declared, asked, self._placing.order(operation, declared, asked, arguments))

    def _take(self, operation: Operation, declared: Orders, asked: Asked, order: Order) -> Order:
        """Put an order into the books."""
        self._finding.check_client_id(operation, declared, asked.texts.get("client_id"))
        refuses = self._refusals.has_code(operation, "would_trigger")
        return self._finding.keep_id(self.matching.place(order, refuses_triggered=refuses))

    def _whole(self, asked: Asked) -> Asked:
        """Return what closes the whole of a position, at the market's price, where a call says no more than which."""
        asked = asked.copy()
        asked.features |= {"close", "market"}
        return asked

    def _trigger(self, order: Order) -> None:
        """Send an order that waited to the market, as itself or as the order that it becomes."""
        if order.becomes is None:
            self.matching.enter_triggered(self._groups.trigger(order))
            return
        id = self.matching.new_id()
        follower = replace(
            order, id=id, shelf=order.becomes, becomes=None, trigger=None, held=order.held, placed_at=self.matching.now
        )
        self.matching.keep(replace(order, status="triggered", became=id, held=order.held * 0))
        self._finding.keep_id(follower)
        self.matching.enter_triggered(follower)

    def _list(self, operation: Operation, declared: Orders, asked: Asked, arguments: Mapping[str, Json]) -> Json:
        of = kind_asked_for(declared, arguments)
        fitting = [order for order in self._finding.matches(declared, asked, of) if shows(declared, order, asked)]
        found = within(fitting, declared.span, arguments)
        page = page_of(found, declared.paging, arguments)
        body = self._orders_body(operation, declared, page)
        if declared.paging is not None:
            note_page(body, declared.paging, page, len(found), arguments)
        return body

    def _orders_body(self, operation: Operation, declared: Orders, orders: Sequence[Order]) -> Json:
        facts = [self._facts(order) for order in orders]
        return self.replies.body(operation, declared.holders, {"order": facts, "refusal": []})

    def _facts(self, order: Order) -> Facts:
        return facts_of_order(order, self.matching.fills_of(order))

    def _batch(self, operation: Operation, declared: Orders, common: Asked, arguments: Mapping[str, Json]) -> Json:
        """Do the same with several orders; some may be refused."""
        # All of them first, so that nothing is done where one of them is not simulated.
        items = [*items_of(operation.full_name, declared, common, arguments)]
        outcomes = [self._outcome(operation, declared, place, asked) for place, asked in enumerate(items)]
        things: dict[str, list[Facts]] = {"order": [], "refusal": []}
        for kind, facts in outcomes:
            things[kind].append(facts)
        return self.replies.body(operation, declared.holders, things)

    def _outcome(self, operation: Operation, declared: Orders, place: int, asked: Asked) -> Outcome:
        try:
            order = self._do(operation, declared, asked, {})
        except RequestRefused as refused:
            known = self._refusals.with_code(operation, refused)
            return outcome_of(place, asked, known, self._refusals.message(known))
        facts = self._facts(order)
        return "order", replace(facts, values={**facts.values, "place": place})
