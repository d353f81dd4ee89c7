"""What can be traded on the mock exchange: the instruments of the examples, with their limits."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from generator.ground.json_path import value_at
from generator.mock.signing import set_members
from generator.model.api import Api
from generator.model.meaning import Place
from generator.model.operations import Operation
from generator.model.remembering import value_text
from generator.model.replies import replies
from generator.model.types import Json

Data = dict[str, Any]  # JSON
Facts = dict[str, str]
"""What is known of an instrument: `step price` → `0.1`; `market` before it where it is for market orders only."""


def instrument_data(api: Api) -> dict[str, Facts]:
    """Return the instruments that the examples list, by symbol; what an earlier operation says counts more."""
    found: dict[str, Facts] = {}
    for operation in api.operations:
        if operation.does("list", "instrument"):
            for facts in _listed(api, operation):
                found[facts["symbol"]] = facts | found.get(facts["symbol"], {})
    return found


def listing_data(api: Api, operation: Operation) -> list[Data]:
    """Return where an answer lists instruments, and where each has what is known of it."""
    if not operation.does("list", "instrument"):
        return []
    return [
        set_members(
            path=(*replies(api).payload(operation), *held.wires),
            members=[_member(place) for place in api.meanings.places(held.struct, "instrument")],
        )
        for held in api.meanings.held(operation.returns, "instrument")
    ]


def _member(place: Place) -> Data:
    return set_members(
        phrase=_phrase(place),
        path=place.wires,
        beside={one.wire: [value_text(value) for value in one.values] for one in place.phrase.when},
        digits=place.field.unit == "digits",
    )


def _phrase(place: Place) -> str:
    return f"market {place.phrase.text}" if place.phrase.market else place.phrase.text


def _listed(api: Api, operation: Operation) -> Iterator[Facts]:
    for held in api.meanings.held(operation.returns, "instrument"):
        value = value_at(operation.response, (*replies(api).payload(operation), *held.wires))
        places = api.meanings.places(held.struct, "instrument")
        for item in value if isinstance(value, list) else [value]:
            facts = dict(pair for place in places for pair in _facts(place, item))
            if "symbol" in facts:
                yield facts


def _facts(place: Place, item: Json) -> Iterator[tuple[str, str]]:
    for holder in _holders(item, [field.wire for field in place.fields[:-1]]):
        value = holder.get(place.field.wire)
        beside = all(value_text(holder.get(one.wire)) in map(value_text, one.values) for one in place.phrase.when)
        if value is None or not beside:
            continue
        text = value_text(value)
        # 3 digits are a step of 0.001.
        yield _phrase(place), format(Decimal(1).scaleb(-int(text)), "f") if place.field.unit == "digits" else text


def _holders(item: Json, way: list[str]) -> Iterator[dict[str, Json]]:
    if isinstance(item, list):
        for one in item:
            yield from _holders(one, way)
    elif isinstance(item, dict):
        if way:
            yield from _holders(item.get(way[0]), way[1:])
        else:
            yield item
