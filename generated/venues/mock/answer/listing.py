# Edited in templates/venues/mock/answer/listing.py; the copy in generated/ is imported.
"""Lists the instruments that a test has added, beside those of the examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

import msgspec

from venues.mock.declared.listing import ListedMember, Listing
from venues.mock.declared.operations import Operation
from venues.mock.exact import Json, compact, parse, text_of, value_at

Facts = Mapping[str, str]
"""What is known of an instrument, by meaning: `step price` → `0.1`."""


class Added(msgspec.Struct, frozen=True):
    """An instrument that a test has added."""

    facts: Facts
    like: str
    """The symbol of the listed one that it is like, but for its facts."""

    market: str | None = None
    """Where an exchange has several."""


def with_added(operation: Operation, added: list[Added], market: Json, body: bytes) -> bytes:
    """Return an answer that lists the instruments which were added to the market that it is about.

    Args:
        operation: Whose answer it is.
        added: The instruments of all markets.
        market: The one that was asked for; None where there is but one.
        body: The answer.
    """
    mine = [each for each in added if each.market in (None, market)]
    if not mine:
        return body
    document = parse(body)
    for listing in operation.listing:
        items = value_at(document, listing.path)
        if isinstance(items, list) and items:
            items += [_item(listing, items, each) for each in mine]
    return compact(document).encode()


def _item(listing: Listing, items: list[Json], added: Added) -> Json:
    """Return an instrument as it is listed: as the one that it is like, which may be listed under another name there."""
    item = parse(compact(next((one for one in items if added.like in one.values()), items[0])))
    for member in listing.members:
        value = added.facts.get(member.phrase)
        for holder in _holders(item, member.path[:-1]) if value is not None else ():
            if member.path[-1] in holder and _is_meant(member, holder):
                holder[member.path[-1]] = _written(value, holder[member.path[-1]], digits=member.digits)
    return item


def _holders(item: Json, way: tuple[str, ...]) -> Iterator[dict[str, Json]]:
    """Yield the objects at the end of a way, on which there may be lists."""
    if isinstance(item, list):
        for one in item:
            yield from _holders(one, way)
    elif isinstance(item, dict) and way:
        yield from _holders(item.get(way[0]), way[1:])
    elif isinstance(item, dict):
        yield item


def _is_meant(member: ListedMember, holder: Mapping[str, Json]) -> bool:
    return all(text_of(holder.get(wire)) in values for wire, values in member.beside.items())


def _written(value: str | None, example: Json, *, digits: bool) -> Json:
    """Return a value as text or number, as the example has it."""
    text = str(-int(Decimal(value or 0).normalize().as_tuple().exponent)) if digits else value
    if isinstance(example, (int, Decimal)) and not isinstance(example, bool):
        number = Decimal(text or 0)
        return int(number) if number == int(number) else number
    return parse(text or "null") if isinstance(example, bool) else text
