"""Each spec against what its documents list: operations, parameters, members of answers, enumerations and codes.

What a spec takes otherwise on purpose stands in inventory_deviations.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
import yaml

from generator.model.documentation import Quirk
from generator.model.operations import Operation
from tests.support import differences, inventory
from tests.support.differences import Difference
from tests.support.specs import model

pytestmark = pytest.mark.skipif(not inventory.SHARED.is_dir(), reason="the lists in ../shared/exchanges are not here")

DEVIATIONS = Path(__file__).with_name("inventory_deviations.yaml")
each_api = pytest.mark.parametrize("api", inventory.ROOTS)


@each_api
def test_every_operation_is_there(api: str) -> None:
    """Whatever method and path any document of an API prints, the spec has an operation for it."""
    assert_none(api, differences.in_operations(api))


@each_api
def test_every_parameter_is_there(api: str) -> None:
    """Each operation has the parameters that its document lists, nested ones too, each with its mark, and no others."""
    assert_none(api, differences.in_params(api))


@each_api
def test_every_member_is_there(api: str) -> None:
    """Each answer has the members that its document lists, and needs no others."""
    assert_none(api, differences.in_members(api))


@each_api
def test_every_enumeration_is_there(api: str) -> None:
    """Each enumeration that the source document lists is there, value by value."""
    assert_none(api, differences.in_enums(api))


@each_api
def test_every_code_is_there(api: str) -> None:
    """Each error code that the documents list is there."""
    assert_none(api, differences.in_codes(api))


@each_api
def test_no_deviation_outlives_its_reason(api: str) -> None:
    """What the spec takes as documented again leaves the table of deviations."""
    needless = set(deviations(api)) - set(differences.differences(api))
    assert not needless, f"{api} does not deviate here any more:\n{listing(needless)}"


@each_api
def test_every_deviation_is_told(api: str) -> None:
    """Whoever uses an operation that deviates reads why: it has a quirk."""
    operations = {operation.full_name: operation for operation in model(api).operations}
    silent = [(name, what) for name, what in deviations(api) if not quirks(api, operations[name])]
    assert not silent, f"{api} does not say in a quirk that it deviates here:\n{listing(silent)}"


@pytest.mark.parametrize(
    ("api", "operations", "params", "mandatory", "members"),
    [
        ("aster_futures", 27, 141, 55, 344),
        ("bingx_swap", 2, 6, 6, 28),
        ("bitget_margin", 45, 177, 75, 322),
        ("hibt_futures", 23, 95, 5, 293),
        ("sixmm", 13, 11, 3, 41),
    ],
)
def test_lists_are_whole(api: str, operations: int, params: int, mandatory: int, members: int) -> None:
    """The lists that the specs are held against have as many rows as the source documents."""
    listed = inventory.operations(api)
    marks = [mark for operation in listed for _, mark in operation.params]
    counted = (len(listed), len(marks), marks.count(True), sum(len(operation.members) for operation in listed))
    assert (operations, params, mandatory, members) == counted


@pytest.mark.parametrize(
    ("api", "enums", "values", "codes", "stream_codes"),
    [
        ("aster_futures", 12, 38, 158, 0),
        ("bingx_swap", 2, 4, 0, 0),
        ("bitget_margin", 8 + 3 + 1, 42 + 8 + 3, 701, 12),  # tables, lists in cells, the status of a pair
        ("hibt_futures", 12, 54, 26, 0),
        ("sixmm", 2, 9, 18, 0),
    ],
)
def test_lists_of_values_are_whole(api: str, enums: int, values: int, codes: int, stream_codes: int) -> None:
    """So have the lists of enumerations and error codes."""
    listed = inventory.enums(api).values()
    rows = (len(inventory.code_rows(api)), len(inventory.stream_code_rows(api)))
    assert (enums, values, codes, stream_codes) == (len(listed), sum(map(len, listed)), *rows)


@pytest.mark.parametrize(
    ("api", "operations"),
    [("aster_futures", 48), ("bingx_swap", 34), ("bitget_margin", 45), ("hibt_futures", 32), ("sixmm", 53)],
)
def test_the_whole_api_is_there(api: str, operations: int) -> None:
    """The spec has the operations of the fuller documentation, not only those of the source document."""
    assert operations == len(model(api).operations)


def assert_none(api: str, found: Iterable[Difference]) -> None:
    """Fail with a list of the differences that are no known deviations."""
    unknown = [difference for difference in found if difference not in deviations(api)]
    if unknown:
        pytest.fail(f"{api} differs from its documents in {len(unknown)} places:\n{listing(unknown)}", pytrace=False)


def listing(found: Iterable[Difference]) -> str:
    """Print differences, one a line."""
    return "\n".join(f"  {where} {what}" for where, what in sorted(found))


@cache
def deviations(api: str) -> dict[Difference, str]:
    """Return what an API takes otherwise on purpose, and why."""
    table = yaml.safe_load(DEVIATIONS.read_text("utf-8")).get(api, {})
    return {(operation, what): why for operation, rows in table.items() for what, why in rows.items()}


def quirks(api: str, operation: Operation) -> list[Quirk]:
    """Return the quirks of an operation and of what it answers."""
    structs = {struct.name: struct for struct in model(api).structs}
    names = list(operation.returns.names) if operation.returns else []
    for name in names:
        fields = structs[name].fields if name in structs else ()
        names += [inner for field in fields for inner in field.type.names if inner not in names]
    return [*operation.quirks, *(quirk for name in names if name in structs for quirk in structs[name].quirks)]
