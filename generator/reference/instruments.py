"""Decides the content of the page about instruments: where attributes come from, and which limits are not stated."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.api import Api
from generator.model.trading import Fact, InstrumentSource, client_id_form, instrument_sources
from generator.model.types import Json
from generator.words.markdown import code, codes, enumeration, link

# In the order of the attributes of `Instrument`, so that both read alike.
CHECKED = ("tick", "min_price", "max_price", "step", "min_quantity", "max_quantity", "min_notional", "max_notional")
"""Limits of an order; what of them an exchange does not state, `check` can't check."""


USUAL = "BTC/USDT"
"""The pair of samples where an exchange has it: everybody knows what it is."""


def instrument_rows(api: Api) -> list[tuple[str, str, str]]:
    """Return the attributes of an instrument, with the member and the call that they come from."""
    sources = instrument_sources(api)
    # One call for all markets says the same of each.
    first = {source.operation.full_name: source for source in reversed(sources)}
    return [row for source in sources if source is first[source.operation.full_name] for row in _rows(source)]


def markets(api: Api) -> str:
    """List the markets in each of which symbols are unique; nothing where there is one only."""
    return codes(list(dict.fromkeys(source.market for source in instrument_sources(api) if source.market)))


def market_argument(api: Api) -> str:
    """Return the argument with which a sample names a market; nothing where there is one only."""
    market = next((source.market for source in instrument_sources(api) if source.market), None)
    return "" if market is None else f', market="{market}"'


def sample_pair(api: Api) -> str:
    """Return the pair of the sample: one that the example of the list of instruments has, so that the sample runs."""
    pairs = [pair for source in instrument_sources(api) for pair in _pairs(source)]
    return USUAL if USUAL in pairs or not pairs else pairs[0]


def _pairs(source: InstrumentSource) -> Iterator[str]:
    wires = {fact.attribute: fact.place.field.wire for fact in source.facts}
    if {"base", "quote"} <= wires.keys():
        for one in _objects(source.operation.response):
            if wires["base"] in one and wires["quote"] in one:
                yield f"{one[wires['base']]}/{one[wires['quote']]}".upper()


def _objects(value: Json) -> Iterator[dict[str, Json]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(inner)


def _rows(source: InstrumentSource) -> Iterator[tuple[str, str, str]]:
    call = link(code(source.operation.full_name), source.operation.full_name.replace(".", "/") + ".md")
    for fact in source.facts:
        yield code(fact.attribute), _member(fact), call
    if source.tradable:
        yield code("is_tradable"), f"{code('True')} if the status is {codes(source.tradable, 'or')}", call


def _member(fact: Fact) -> str:
    """Return the place of an attribute in the response, and how it is converted."""
    path = ".".join(
        field.wire + ("[]" if field.type.item and field is not fact.place.field else "") for field in fact.place.fields
    )
    cases = [f"{code(name)} is {codes(values, 'or')}" for name, values in _conditions(fact)]
    notes = [f"if {enumeration(cases)}"] if cases else []
    if fact.form == "digits":
        notes.append("a number of decimal places, converted to a step")
    if fact.coin is not None:
        notes.append(f"in {fact.coin}")
    return ", ".join([code(path), *notes])


def _conditions(fact: Fact) -> list[tuple[str, tuple[str, ...]]]:
    values = [values for _, values in fact.when]
    # Wire names with the values of the fact: readers compare the page with the exchange's response.
    return list(zip([one.wire for one in fact.place.phrase.when], values, strict=True))


def unstated_limits(api: Api) -> str:
    """List the limits that the exchange does not state."""
    known = {fact.attribute for source in instrument_sources(api) for fact in source.facts}
    return codes([name for name in CHECKED if name not in known])


def counts_contracts(api: Api) -> bool:
    """Whether quantities are numbers of contracts."""
    return any(fact.attribute == "contract_size" for source in instrument_sources(api) for fact in source.facts)


def client_id_words(api: Api) -> str | None:
    """Return a sentence on the form of client order ids; None if calls take none."""
    form = client_id_form(api)
    if form is None:
        return None
    rules = [f"has at most {form.max_length} characters"] if form.max_length else []
    rules += [f"must match {code(pattern)}" for pattern in form.patterns]
    return f"An id {enumeration(rules)}." if rules else "No form is documented."
