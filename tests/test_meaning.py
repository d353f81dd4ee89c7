"""What the specs say that things are: one closed vocabulary, resolved for everything that is derived from it."""

from __future__ import annotations

import json

import pytest

from generator.model import vocabulary
from generator.model.api import Api
from generator.model.types import Param, Struct
from tests.support.specs import SPECS, models

APIS = {api.name: api for api in models()}
WORDS = json.loads((SPECS / "schema" / "meaning.json").read_text("utf-8"))["$defs"]


def struct(api: Api, name: str) -> Struct:
    """Return a struct of an API."""
    return next(s for s in (*api.structs, *(api.streams.structs if api.streams else ())) if s.name == name)


def param(api: Api, operation: str, wire: str) -> Param:
    """Return a parameter of an operation."""
    found = next(o for o in api.operations if o.full_name == operation)
    return next(p for p in found.params if p.wire == wire)


def test_editors_complete_the_words_that_the_generator_knows() -> None:
    """The schema lists every thing and every phrase of the vocabulary, and no other."""
    assert {*vocabulary.PHRASES} == {*WORDS["thing"]["enum"]}
    phrases = {*WORDS["phrase"]["enum"]}
    scopes = {f"{thing}.{phrase}" for thing, known in vocabulary.PHRASES.items() for phrase in known}
    assert {phrase for known in vocabulary.PHRASES.values() for phrase in known} <= phrases
    assert phrases <= scopes | {phrase for known in vocabulary.PHRASES.values() for phrase in known}


@pytest.mark.parametrize(
    ("api", "thing", "phrase", "market", "way"),
    [
        ("aster_futures", "Order", "filled quantity", False, ("executedQty",)),
        ("aster_futures", "Contract", "min quantity", False, ("filters", "minQty")),
        ("aster_futures", "Contract", "min quantity", True, ("filters", "minQty")),
        ("aster_futures", "OrderBook", "price", False, ("bids", "price")),
        ("bitget_margin", "MarginPair", "step price", False, ("priceScale",)),
        ("bitget_margin", "MarginPair", "max leverage", False, None),
    ],
)
def test_a_member_is_found_by_what_it_means(
    api: str, thing: str, phrase: str, market: bool, way: tuple[str, ...] | None
) -> None:
    """The way to a member leads through wrappers, and a limit for market orders is another member."""
    place = APIS[api].meanings.place(struct(APIS[api], thing), phrase, market=market)
    assert way == (place.wires if place else None)


def test_a_second_thing_has_members_of_its_own() -> None:
    """What an order's event says of the fill that caused it is found by the fill's own words."""
    api = APIS["aster_futures"]
    event = struct(api, "LiveOrder")
    order, fill = (api.meanings.place(event, "price", thing) for thing in ("order", "fill"))
    assert (("p",), ("L",)) == (order and order.wires, fill and fill.wires)


def test_things_are_found_in_answers_through_pages() -> None:
    """A page of orders holds orders, however it calls its list; a batch holds what was done and what was refused."""
    api = APIS["bitget_margin"]
    history = next(o for o in api.doing("list", "order") if o.of == "closed")
    batch = next(o for o in api.doing("place", "order") if o.pairs)
    assert [("orderList",)] == [held.wires for held in api.meanings.held(history.returns, "order")]
    assert [("failure",)] == [held.wires for held in api.meanings.held(batch.returns, "refusal")]


def test_values_say_what_they_mean() -> None:
    """Whose enum says so, whose `reads` say so, and a boolean that is yes or no by itself; else nobody knows."""
    meanings = APIS["aster_futures"].meanings
    order, trade = struct(APIS["aster_futures"], "Order"), struct(APIS["aster_futures"], "MarketTrade")
    by_wire = {field.wire: field for field in (*order.fields, *trade.fields)}
    assert ("open", "filled") == meanings.says(by_wire["status"], "PARTIALLY_FILLED")
    assert () == meanings.says(by_wire["timeInForce"], "GTC")
    assert None is meanings.says(by_wire["timeInForce"], "HIDDEN")
    assert ("sell",) == meanings.says(by_wire["isBuyerMaker"], True)
    assert ("reduce_only",) == meanings.says(by_wire["reduceOnly"], True)
    assert ["FILLED"] == [m.name for m in meanings.members(by_wire["status"].type, "filled") if m.means == ("filled",)]


@pytest.mark.parametrize(
    ("api", "operation", "wire", "phrase"),
    [
        ("aster_futures", "trade.place_order", "callbackRate", "trailing"),
        ("aster_futures", "trade.get_orders", "orderId", None),
        ("aster_futures", "trade.get_order", "orderId", "id"),
        ("aster_futures", "market.get_klines", "symbol", "symbol"),
        ("hibt_futures", "order.close_position", "price", "price"),
        ("hibt_futures", "order.close_position", "positionID", "position.id"),
        ("bingx_swap", "trade.place_order", "stopLossPrice", "exit.stop price"),
    ],
)
def test_parameters_inherit_from_what_the_call_is_about(
    api: str, operation: str, wire: str, phrase: str | None
) -> None:
    """A parameter means what the thing's member of its name means; in a list it may be where a page begins."""
    assert phrase == param(APIS[api], operation, wire).phrase
