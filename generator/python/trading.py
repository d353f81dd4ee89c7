"""Prints for the runtime where an API has its instruments, how an order is waited for, and which ids it takes."""

from __future__ import annotations

from generator.model.api import Api
from generator.model.trading import ClientIdForm, Fact, InstrumentSource, client_id_form, instrument_sources
from generator.model.waiting import Find, Waiting, waitings
from generator.python.calls import Code, call, maybe, row, unless


def trading(api: Api) -> Code:
    """Print the `Trading` of an API, which the runtime reads."""
    sources = (_source(source, api) for source in instrument_sources(api))
    return call(
        "Trading",
        instruments=row(sources),
        client_ids=maybe(_client_ids, client_id_form(api)),
        waits=row(map(_wait, waitings(api))),
    )


def _wait(value: Waiting) -> Code:
    return call(
        "WaitRule",
        tuple(maker.full_name for maker in value.makers),
        row(map(_find, value.finds)),
        value.structs,
        value.states,
        channels=unless((), value.channels),
    )


def _find(value: Find) -> Code:
    return call(
        "Find",
        value.operation.full_name,
        value.filled,
        value.path,
        value.id.names,
        value.status.names,
        needs_symbol=unless(False, value.needs_symbol),
        needs_market=unless(False, value.needs_market),
    )


def _source(value: InstrumentSource, api: Api) -> Code:
    return call(
        "InstrumentSource",
        value.operation.full_name,
        value.path,
        row(map(_fact, value.facts)),
        tradable=unless((), value.tradable),
        halted=unless((), value.halted),
        counts_from_minimum=unless(False, api.steps_from == "minimum"),
        market=unless(None, value.market),
        chosen_by=unless(None, api.market if value.market is not None else None),
    )


def _fact(value: Fact) -> Code:
    return call(
        "Fact",
        value.attribute,
        value.path,
        when=unless((), value.when),
        form=unless("number", value.form),
        coin=unless(None, value.coin),
        limit_only=unless(False, value.limit_only),
    )


def _client_ids(form: ClientIdForm) -> Code:
    return call("ClientIdForm", max_length=unless(None, form.max_length), patterns=unless((), form.patterns))
