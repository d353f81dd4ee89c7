"""Facts of the five source documents equal the inventories that people made of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from generator.drift.facts.facts import Facts
from tests.drift.reading import APIS, DOCS, INVENTORY, names, source

Entry = dict[str, Any]  # Any: JSON


def inventory(api: str, kind: str = "rest") -> list[Entry]:
    path = INVENTORY / f"{api}.json"
    if not path.is_file():
        pytest.skip(f"{path} is not here")
    entries: list[Entry] = json.loads(path.read_text("utf-8"))
    return [entry for entry in entries if entry["kind"] == kind]


def owner(entry: Entry) -> str:
    return f"{entry['method']} /{entry['path'].lstrip('/')}"


def param_path(param: Entry) -> str:
    above = str(param.get("in") or "")
    if above in ("", "query", "body", "json body") or param["name"].startswith(above):
        return str(param["name"])
    return f"{above.removesuffix('[]')}[].{param['name']}"


def fields(facts: Facts, operation: str) -> list[str]:
    return list(names(facts, "field", operation)) or list(names(facts, "sample", operation))


@pytest.mark.parametrize(
    ("api", "count"),
    [("bitget_margin", 45), ("hibt_futures", 23), ("aster_futures", 27), ("sixmm", 13), ("bingx_swap", 2)],
)
def test_operations_equal_the_inventory(api: str, count: int) -> None:
    """Every documented operation is read, and nothing else is taken for one."""
    found = set(source(api).owners())
    assert {owner(entry) for entry in inventory(api)} == found
    assert count == len(found)


@pytest.mark.parametrize(
    ("api", "count"),
    [("bitget_margin", 177), ("hibt_futures", 95), ("aster_futures", 141), ("sixmm", 11), ("bingx_swap", 6)],
)
def test_parameters_and_their_marks_equal_the_inventory(api: str, count: int) -> None:
    """Every parameter is read, nested ones in their place, and whether it must be given."""
    facts = source(api)
    expected = {owner(e): {param_path(p): p["required"] for p in e["params"]} for e in inventory(api)}
    assert expected == {operation: names(facts, "param", operation) for operation in expected}
    assert count == sum(len(params) for params in expected.values())


@pytest.mark.parametrize("api", APIS)
def test_fields_of_answers_equal_the_inventory(api: str) -> None:
    """Every row of a table of fields, or every member of a sample, is read with its path."""
    facts = source(api)
    expected = {owner(e): [field["path"] for field in e["response_fields"]] for e in inventory(api)}
    assert expected == {operation: fields(facts, operation) for operation in expected}


def test_the_margin_document_has_322_response_rows() -> None:
    """The count of facts.md, of REST operations alone."""
    facts = source("bitget_margin")
    assert 322 == sum(len(names(facts, "field", operation)) for operation in facts.owners())


def test_pasted_tables_are_reported_as_strays() -> None:
    """The ten rows under the cancel call that belong to another call are told with their lines, and left out."""
    facts = source("bitget_margin")
    assert 10 == len(facts.strays)
    assert {1438, 1439, *range(1443, 1451)} == {note.line for note in facts.notes if note.kind == "stray"}


def test_error_codes_equal_the_inventory() -> None:
    """701 codes of REST and 12 of the streams are read, though their tables swap the columns."""
    path = DOCS.parent / "errors" / "bitget_margin.json"
    facts = source("bitget_margin")
    expected = json.loads(path.read_text("utf-8"))
    assert {entry["code"]: entry["message"] for entry in expected["rest"]} == {
        key[2]: fact.text for key, fact in facts.of("code", "errors")
    }
    assert 701 == len(names(facts, "code", "errors"))
    assert 12 == len(names(facts, "code", "stream errors"))


@pytest.mark.parametrize(
    "name", ["side", "orderType", "loanType", "force", "status", "marginType", "source", "Flash repay status"]
)
def test_enum_tables_equal_the_inventory(name: str) -> None:
    """The eight tables of values are read."""
    facts = source("bitget_margin")
    enums = json.loads((DOCS.parent / "enums.json").read_text("utf-8"))["bitget_margin"]
    expected = enums["flashRepayStatus" if name == "Flash repay status" else name]
    assert expected == list(names(facts, "value", f"enum {name}"))


@pytest.mark.parametrize(
    ("api", "param", "enum"),
    [
        ("hibt_futures", "period", "candlePeriod"),
        ("hibt_futures", "event", "balanceRecordEvent"),
        ("hibt_futures", "data[].action", "action"),
        ("hibt_futures", "data[].state", "state"),
        ("hibt_futures", "data[].status", "entrustStatus"),
        ("hibt_futures", "triggerType", "triggerType"),
        ("hibt_futures", "data[].spSlModel", "spSlModel"),
        ("hibt_futures", "data[].spType", "spType"),
        ("aster_futures", "workingType", "workingType"),
        ("aster_futures", "priceProtect", "priceProtect"),
        ("aster_futures", "newOrderRespType", "newOrderRespType"),
        ("aster_futures", "marginType", "marginType"),
        ("aster_futures", "incomeType", "incomeType"),
        ("aster_futures", "autoCloseType", "autoCloseType"),
        ("aster_futures", "dualSidePosition", "dualSidePosition"),
        ("sixmm", "period", "period"),
        ("bingx_swap", "positionSide", "positionSide"),
        ("bingx_swap", "marginMode", "marginMode"),
    ],
)
def test_values_in_descriptions_equal_the_inventory(api: str, param: str, enum: str) -> None:
    """Values that only a description lists are read."""
    facts = source(api)
    expected = [str(value) for value in json.loads((DOCS.parent / "enums.json").read_text("utf-8"))[api][enum]]
    found = [
        [key[2].partition("=")[2] for key, _ in facts.of("value", operation) if key[2].partition("=")[0] == param]
        for operation in facts.owners()
    ]
    assert expected in found


def test_lists_of_values_under_operations_are_read() -> None:
    """The bullets below the record calls belong to the field that they explain."""
    values = names(source("bitget_margin"), "value", "GET /api/margin/v1/isolated/repay/list")
    assert ["type=autoRepay", "type=manualRepay", "type=liqRepay", "type=forceRepay"] == list(values)


def test_channels_equal_the_inventory() -> None:
    """The five channels are read with their request and push members."""
    facts = source("bitget_margin")
    entries = inventory("bitget_margin", "websocket")
    assert [f"stream {entry['path']}" for entry in entries] == facts.owners("channel")
    for entry in entries:
        stream = f"stream {entry['path']}"
        assert {p["name"]: p["required"] for p in entry["params"]} == names(facts, "param", stream)
        assert len(entry["response_fields"]) == len(names(facts, "field", stream))


def test_limits_equal_the_inventory() -> None:
    """Each operation's rate limit is read in figures."""
    facts = source("bitget_margin")
    found = {operation: facts.facts[operation, "limit", ""].value for operation in facts.owners()}
    place, fills = "POST /api/margin/v1/isolated/order/placeOrder", "GET /api/margin/v1/cross/order/fills"
    assert ("5/1s", "10/1s uid", 45) == (found[place], found[fills], len(found))


def test_weights_equal_the_inventory() -> None:
    """Each operation's weight is read in figures, those of its cases too."""
    facts = source("aster_futures")
    found = {operation: facts.facts[operation, "weight", ""].value for operation in facts.owners()}
    assert ("1|40", "20|50", "30") == (
        found["GET /fapi/v1/openOrders"],
        found["GET /fapi/v1/forceOrders"],
        found["GET /fapi/v1/income"],
    )


def test_blocks_without_a_path_are_told() -> None:
    """Samples whose heading was lost are given to their operation, and each is told."""
    notes = [note for note in source("hibt_futures").notes if note.kind == "orphan"]
    assert {38, 83, 84, 99, 116, 117, 183, 192, 229} <= {note.line for note in notes}
