"""Specs against lists that have no more than the operations and the parameters that stand in their tables.

What a spec takes otherwise on purpose stands in inventory_deviations.yaml.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import inventory
from tests.support.differences import Difference
from tests.support.specs import SPECS, model
from tests.test_inventory import deviations, listing, quirks

pytestmark = pytest.mark.skipif(not inventory.SHARED.is_dir(), reason="the lists in ../shared/exchanges are not here")

Listed = dict[tuple[str, str], dict[str, bool]]
each_api = pytest.mark.parametrize("api", [name for name in ("bybit",) if (SPECS / name).is_dir()])


def listed_params(api: str) -> Listed:
    """Return the parameters of each operation, and which of them are mandatory."""
    rows = json.loads(Path(inventory.SHARED, "inventory", f"{api}.json").read_text("utf-8"))
    return {(row["method"], row["path"]): {p["name"]: p["required"] for p in row["params"]} for row in rows}


def differences(api: str) -> Iterator[Difference]:
    """Return where a spec differs."""
    own = {(o.method, o.path): o for o in model(api).operations}
    listed = listed_params(api)
    yield from ((f"{method} {path}", "lacks the operation") for method, path in listed if (method, path) not in own)
    for request, operation in own.items():
        if request not in listed:
            yield operation.full_name, "adds the operation"
            continue
        there = {param.wire: param.required for param in operation.params if not param.common}
        for wire, mark in listed[request].items():
            if wire not in there:
                yield operation.full_name, f"lacks the parameter {wire}"
            elif there[wire] != mark:
                yield operation.full_name, f"has the parameter {wire} {'mandatory' if there[wire] else 'optional'}"
        yield from (
            (operation.full_name, f"adds the parameter {wire}") for wire in there if wire not in listed[request]
        )


@each_api
def test_the_spec_has_what_is_listed(api: str) -> None:
    """Each operation is there with the parameters of its table, each with its mark, and no others."""
    found = set(differences(api))
    unknown, needless = found - deviations(api).keys(), deviations(api).keys() - found
    assert not unknown, f"{api} differs from its documents:\n{listing(unknown)}"
    assert not needless, f"{api} does not deviate here any more:\n{listing(needless)}"


@each_api
def test_every_deviation_is_told(api: str) -> None:
    """Whoever uses an operation with other parameters reads why: it has a quirk."""
    operations = {operation.full_name: operation for operation in model(api).operations}
    silent = {
        (name, what) for name, what in deviations(api) if "parameter" in what and not quirks(api, operations[name])
    }
    assert not silent, f"{api} does not say in a quirk that it deviates here:\n{listing(silent)}"


@pytest.mark.parametrize(("api", "operations", "params", "mandatory"), [("bybit", 126, 486, 156)])
def test_lists_are_whole(api: str, operations: int, params: int, mandatory: int) -> None:
    """The lists have as many rows as the source documents."""
    marks = [mark for params in listed_params(api).values() for mark in params.values()]
    assert (operations, params, mandatory) == (len(listed_params(api)), len(marks), marks.count(True))
