# Edited in templates/venues/mock/books/pages.py; the copy in generated/ is imported.
"""Cuts what is listed into the page that a call asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from venues.mock.books.order import Order
from venues.mock.declared.orders import Orders, Paging
from venues.mock.exact import Json, put
from venues.mock.request.received import text_of

SECONDS = 100_000_000_000
"""Times below it are in seconds: in milliseconds it was the year 1973."""


def within(orders: Sequence[Order], declared: Orders, arguments: Mapping[str, Json]) -> list[Order]:
    """Return the orders that were placed between the times of a call; both ends count."""
    if not declared.span:
        return list(orders)
    start, end = (_milliseconds(arguments.get(wire)) for wire in declared.span)
    return [
        order
        for order in orders
        if (start is None or order.placed_at >= start) and (end is None or order.placed_at <= end)
    ]


def _milliseconds(value: Json) -> int | None:
    if value is None:
        return None
    time = int(text_of(value))
    return time * 1000 if time < SECONDS else time


def page_of(orders: Sequence[Order], paging: Paging | None, arguments: Mapping[str, Json]) -> list[Order]:
    """Return one page of orders, given oldest first; the newest come first unless ids go up."""
    if paging is None:
        return [*reversed(orders)]
    limit = int(text_of(arguments.get(paging.limit or "", paging.size or 100)))
    start = text_of(arguments.get(paging.start, paging.begin or ""))
    if paging.by == "page":
        first = int(paging.begin or 1)
        skipped = (max(int(start or first) - first, 0)) * limit
        return [*reversed(orders)][skipped : skipped + limit]
    if paging.by == "id" and paging.goes == "up":
        # Without an id the latest are shown, as all do whose ids go up.
        return [o for o in orders if o.id >= int(start)][:limit] if paging.start in arguments else [*orders][-limit:]
    begins = start in ("", paging.begin) or paging.by != "id"
    return [o for o in reversed(orders) if begins or o.id < int(start)][:limit]


def note_page(body: Json, paging: Paging, page: Sequence[Order], total: int, arguments: Mapping[str, Json]) -> None:
    """Write what an answer says of its page: how many there are in all, its number, where the next begins."""
    if paging.total:
        put(body, paging.total, total)
    if paging.number:
        put(body, paging.number, int(text_of(arguments.get(paging.start, paging.begin or 1))))
    if paging.next:
        put(body, paging.next, str(page[-1].id) if page else None)
