# Edited in templates/venues/mock/books/engine.py; the copy in generated/ is imported.
"""Carries out the calls about orders: places, cancels, finds and lists them, in the exchange's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_DOWN, Decimal

from venues.mock.books.asked import Asked, asked_for
from venues.mock.books.journal import Journal
from venues.mock.books.matching import Matching
from venues.mock.books.order import DIGITS, NotSimulated, Order, Side
from venues.mock.books.pages import note_page, page_of, within
from venues.mock.books.writing import written
from venues.mock.declared.api import Operation
from venues.mock.declared.orders import Orders
from venues.mock.exact import Json, compact, parse, put, value_at
from venues.mock.request.received import RequestRefused

FIRST_ID = 1_000_000_001
"""Like an exchange's, and no id of an example."""


class Books:
    """The orders of one account; the caller sees to it that one call comes at a time."""

    def __init__(self, journal: Journal | None = None) -> None:
        self.journal: Journal = journal or Journal()
        self.matching: Matching = Matching(self.journal)
        self._ids: dict[str, list[int]] = {}
        """Client id → ids, so that a call costs the same after many orders."""

    def anew(self) -> Books:
        """Return empty books that tell the same listeners."""
        return Books(self.journal)

    def carry_out(self, operation: Operation, arguments: Mapping[str, Json], now: int) -> bytes:
        """Do what a call asks for, and return the body of its answer.

        Raises:
            RequestRefused: if the exchange would refuse it.
            NotSimulated: if it can't be known what the exchange would do.
        """
        declared = operation.orders
        assert declared is not None  # the caller asks only for calls about orders
        self.matching.set_time(now)
        asked = asked_for(operation, arguments)
        if declared.does == "place":
            return _body(operation, [self._place(operation, declared, asked, arguments)])
        if declared.does == "list":
            return self._list(operation, declared, asked, arguments)
        if declared.does == "cancel_all":
            return _body(
                operation, [self.matching.end(each, "cancelled") for each in self._matches(declared, asked, "open")]
            )
        return _body(operation, [self._one(operation, declared, asked)])

    def _place(self, operation: Operation, declared: Orders, asked: Asked, arguments: Mapping[str, Json]) -> Order:
        self._check_client_id(operation, declared, asked)
        order = self._new(operation, declared, asked, arguments)
        placed = self.matching.place(order)
        self._ids.setdefault(order.client_id, []).append(order.id)
        return placed

    def _new(self, operation: Operation, declared: Orders, asked: Asked, arguments: Mapping[str, Json]) -> Order:
        id = FIRST_ID + len(self.matching.orders)
        symbol, is_market = asked.texts.get("symbol", ""), "market" in asked.features
        price = None if is_market else asked.number("price")
        quantity = self._quantity(asked, price or self.matching.prices.get(symbol))
        if quantity is None or not asked.sides.get("side") or (price is None and not is_market):
            raise NotSimulated(f"{operation.full_name} without a side, a price or a quantity")
        side: Side = "buy" if "buy" in asked.sides["side"] else "sell"
        said = {phrase: " ".join(words) for phrase, words in asked.sides.items()}
        if is_market and symbol not in self.matching.prices:
            raise NotSimulated(
                f"{operation.full_name} with a market order, for {symbol} has no price;"
                f" call mock.market({symbol!r}).price(…) first"
            )
        return Order(
            id,
            asked.texts.get("client_id", f"mock-{id}"),
            operation.full_name,
            symbol,
            side,
            frozenset(asked.features),
            price,
            quantity,
            self.matching.now,
            self.matching.now,
            shelf=declared.shelf,
            own_id="client_id" in asked.texts,
            said=asked.texts | said,
            sent=dict(arguments),
        )

    @staticmethod
    def _quantity(asked: Asked, price: Decimal | None) -> Decimal | None:
        quantity, value = asked.number("quantity"), asked.number("value")
        if quantity is None and value is not None and price is not None:
            return (value / price).quantize(DIGITS, ROUND_DOWN)
        return quantity

    def _check_client_id(self, operation: Operation, declared: Orders, asked: Asked) -> None:
        """Refuse a client id that was used before, for as long as the exchange does so."""
        own = asked.texts.get("client_id")
        if own is None or declared.unique is None:
            return
        known = [each for each in self._candidates({"client_id": own}) if each.shelf == declared.shelf]
        if not any(each.status == "open" or declared.unique != "open" for each in known):
            return
        if declared.duplicate is None:
            raise NotSimulated(f"{operation.full_name}: no code for a client id that was used before is documented")
        raise RequestRefused("duplicate_client_id", f"{own} was used before", code=declared.duplicate)

    def _one(self, operation: Operation, declared: Orders, asked: Asked) -> Order:
        """Find one order, and cancel it if that is what the call does."""
        cancels = declared.does == "cancel"
        if "id" not in asked.texts and "client_id" not in asked.texts:
            raise NotSimulated(f"{operation.full_name} without an order id")
        found = self._matches(declared, asked, "open" if cancels else declared.of)
        if found:
            # Where one client id was used several times, the open order counts, and then the latest.
            order = max(found, key=lambda each: (each.status == "open", each.id))
            return self.matching.end(order, "cancelled") if cancels else order
        if declared.absent is None:
            raise NotSimulated(f"{operation.full_name}: no code for an order that is not there is documented")
        raise RequestRefused("unknown_order", "no such order", code=declared.absent)

    def _matches(self, declared: Orders, asked: Asked, of: str) -> list[Order]:
        """Return the orders that a call means, the oldest first."""
        wanted: dict[str, str] = {
            phrase: asked.texts[phrase] for phrase in ("id", "client_id", "symbol") if phrase in asked.texts
        }
        return [
            order
            for order in self._candidates(wanted)
            if order.shelf == declared.shelf
            and (of not in ("open", "closed") or (order.status == "open") == (of == "open"))
            and all(str(getattr(order, phrase)) == text for phrase, text in wanted.items())
            and ("side" not in asked.sides or order.side in asked.sides["side"])
        ]

    def _candidates(self, wanted: Mapping[str, str]) -> Iterable[Order]:
        """Return the orders with an id or client id, or all."""
        orders = self.matching.orders
        if "id" in wanted:
            return [orders[int(wanted["id"])]] if wanted["id"].isdecimal() and int(wanted["id"]) in orders else []
        if "client_id" in wanted:
            return [orders[id] for id in self._ids.get(wanted["client_id"], ())]
        return orders.values()

    def _list(self, operation: Operation, declared: Orders, asked: Asked, arguments: Mapping[str, Json]) -> bytes:
        found = within(self._matches(declared, asked, declared.of), declared, arguments)
        page = page_of(found, declared.paging, arguments)
        body = parse(_body(operation, page))
        if declared.paging is not None:
            note_page(body, declared.paging, page, len(found), arguments)
        return compact(body).encode()


def _body(operation: Operation, orders: Sequence[Order]) -> bytes:
    """Return the body of the example, with these orders in place of its own."""
    held = operation.orders.held if operation.orders else None
    if held is None:
        return operation.response.encode()
    things = [written(held, order) for order in orders]
    body, payload = parse(operation.response), things if held.many else things[0]
    if not held.path:
        # One object or a list, as the call asks; the exchange that knows both gets its shape from the answer.
        return compact(payload).encode()
    put(body, held.path, payload)
    for path in held.clear:
        put(body, path, {} if isinstance(value_at(body, path), dict) else [])
    return compact(body).encode()
