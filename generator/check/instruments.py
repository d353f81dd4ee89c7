"""Finds instruments of which too little is said to name them, or to round to their steps."""

from __future__ import annotations

from generator.check.names import operations_of
from generator.model.api import Api
from generator.model.trading import Fact, InstrumentSource, instrument_sources
from generator.source import reading as read
from generator.source.load import Map, Source
from generator.source.reading import Notes


def check_instruments(source: Source, api: Api, notes: Notes) -> None:
    """Note what is missing where calls list instruments, and steps that are counted from nothing."""
    places = {
        operation.full_name: at
        for group in api.groups
        for operation, at in zip(group.operations, operations_of(source, group), strict=True)
    }
    sources = instrument_sources(api)
    known = {fact.attribute for one in sources for fact in one.facts}
    for one in sources:
        _check_source(one, places[one.operation.full_name], notes)
    if sources and not {"base", "quote"} <= known:
        first = sources[0].operation
        what = "no instrument has members that mean base and quote, so nobody can find BTC/USDT"
        notes.add(places[first.full_name], "does", f"{first.name}.does", what)
    symbols = read.mapping(source.files["api.yaml"], "symbols")
    if api.market is not None and not any(one.market for one in sources):
        what = f"no call that lists instruments has a parameter `{api.market}` with listed values"
        notes.add(symbols, "within", "symbols.within", what)
    if api.steps_from == "minimum" and not {"min_price", "min_quantity"} <= known:
        what = "instruments have no min price or no min quantity to count from"
        notes.add(symbols, "steps_from", "symbols.steps_from", what)


def _check_source(source: InstrumentSource, at: Map, notes: Notes) -> None:
    name = f"{source.operation.name}.does"
    if not any(fact.attribute == "symbol" for fact in source.facts):
        notes.add(at, "does", name, "its instruments have no member that means symbol")
    for what in filter(None, map(_mistake, source.facts)):
        notes.add(at, "does", name, what)


def _mistake(fact: Fact) -> str | None:
    """Say what contradicts itself in a member of an instrument."""
    field = fact.place.field
    if fact.form == "digits" and field.type.kind != "integer":
        return f"`{field.wire}` is of type {field.type.spec}, and a number of digits is an integer"
    if fact.attribute == "contract_size" and field.unit not in (None, "base coin"):
        return f"`{field.wire}` is the worth of one contract in {field.unit}; only `base coin` can be computed with"
    return None
