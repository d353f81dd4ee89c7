# Edited in templates/venues/mock/books/batches.py; the copy in generated/ is imported.
"""Takes a batch apart, and reports the outcome of each of its orders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from venues.mock.books.asked import Asked
from venues.mock.books.facts import Facts, facts_of_refusal
from venues.mock.books.understanding import asked_for, understood_by
from venues.mock.declared.things import Orders
from venues.mock.exact import Json, text_of
from venues.mock.request.received import RequestRefused

Outcome = tuple[Literal["order", "refusal"], Facts]


def items_of(name: str, declared: Orders, common: Asked, arguments: Mapping[str, Json]) -> Iterator[Asked]:
    """Yield what is asked for each order of a batch.

    Raises:
        NotSimulated: if that can't be known of one of them.
    """
    for items in declared.items:
        for item in arguments.get(items.wire) or ():
            if items.phrase:
                asked = common.copy()
                asked.texts[items.phrase] = text_of(item)
                yield asked
            else:
                yield asked_for(name, items.sent, item, common, understood_by(declared))


def outcome_of(place: int, asked: Asked, refused: RequestRefused, message: str) -> Outcome:
    """Return what an answer says of an order that was refused."""
    texts = asked.texts
    facts = facts_of_refusal(
        id=texts.get("id"),
        client_id=texts.get("client_id"),
        symbol=texts.get("symbol"),
        code=refused.code or "",
        message=message,
    )
    key = texts.get("client_id") or texts.get("id")
    return "refusal", Facts({**facts.values, "key": key, "place": place})
