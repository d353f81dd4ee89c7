"""Specs against shorter lists: method, path and parameters of each call, with their marks.

What a spec has otherwise on purpose stands in inventory_deviations.yaml, beside that of the longer lists.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from generator.model.operations import Operation
from tests.support.differences import Difference
from tests.support.inventory import SHARED
from tests.support.specs import model
from tests.test_inventory import deviations, listing, quirks

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the lists in ../shared/exchanges are not here")

Marks = dict[str, bool]
"""Parameter → whether it is marked as mandatory."""

REFERS = {
    ("POST", "/api/v3/order/test"): ("POST", "/api/v3/order"),
    ("POST", "/api/v3/sor/order/test"): ("POST", "/api/v3/sor/order"),
}
"""Calls that take "all parameters" of another one besides their own."""

each_api = pytest.mark.parametrize("api", ["binance_spot"])


def listed(api: str) -> dict[tuple[str, str], Marks]:
    """Return the marks of each call that the documents of an API have a table for."""
    calls = json.loads((SHARED / "inventory" / f"{api}.json").read_text("utf-8"))
    return {(call["method"], call["path"]): {p["name"]: p["required"] for p in call["params"]} for call in calls}


def expected(api: str) -> dict[tuple[str, str], Marks]:
    """Return the marks of each call, with those of the tables that its text refers to."""
    tables = listed(api)
    return {call: tables.get(REFERS.get(call, call), {}) | table for call, table in tables.items()}


def described(api: str) -> dict[tuple[str, str], Operation]:
    """Return the operations of the spec by method and path."""
    return {(operation.method, operation.path): operation for operation in model(api).operations}


def found(api: str) -> Iterator[Difference]:
    """Yield where the parameters of a spec differ from the tables."""
    tables = expected(api)
    for call, operation in described(api).items():
        # Tables have no headers; where a text names one for all calls, it is a parameter of each.
        params = [param for param in operation.params if not param.common and param.place != "header"]
        table, own = tables[call], {param.wire: param.required for param in params}
        yield from ((operation.full_name, f"lacks the parameter {wire}") for wire in table.keys() - own.keys())
        yield from ((operation.full_name, f"adds the parameter {wire}") for wire in own.keys() - table.keys())
        for wire in own.keys() & table.keys():
            if own[wire] != table[wire]:
                yield operation.full_name, f"has the parameter {wire} {'mandatory' if own[wire] else 'optional'}"


@each_api
def test_every_call_is_there(api: str) -> None:
    """The spec has each call of the documents, and no other."""
    assert listed(api).keys() == described(api).keys()


@each_api
def test_every_parameter_of_the_tables_is_there(api: str) -> None:
    """Each call has the parameters of its table with their marks, and no others, or a reason is known."""
    unknown = set(found(api)) - set(deviations(api))
    assert not unknown, f"{api} differs from its tables:\n{listing(unknown)}"


@each_api
def test_every_known_deviation_is_one(api: str) -> None:
    """A deviation that is none any more leaves the table, and each that stays has a quirk."""
    assert set(deviations(api)) <= set(found(api))
    operations = {operation.full_name: operation for operation in model(api).operations}
    silent = [(name, what) for name, what in deviations(api) if not quirks(api, operations[name])]
    assert not silent, listing(silent)


@pytest.mark.parametrize(("api", "calls", "params", "mandatory"), [("binance_spot", 42, 282, 62)])
def test_the_lists_are_whole(api: str, calls: int, params: int, mandatory: int) -> None:
    """The lists have as many rows as the documents."""
    marks = [mark for table in listed(api).values() for mark in table.values()]
    assert (calls, params, mandatory) == (len(listed(api)), len(marks), sum(marks))
