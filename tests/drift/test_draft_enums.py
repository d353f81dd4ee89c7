"""Enums of a draft: parameters that take the same values, or some of them, share one."""

from __future__ import annotations

from pathlib import Path

from tests.drift.reading import names, read
from tests.drift.test_draft_limits import draft

HEAD = "| Name | Type | Required | Description |\n|---|---|---|---|\n"
KINDS = f"""\
# Pond API

## Dig

`POST /v1/ponds`

{HEAD}| type | string | yes | Which |
| upperType | string | yes | Valid values: `DEEP`, `FLAT` |
| lowerType | string | no | Valid values: `DEEP`, `FLAT`, `WIDE` |
| state | string | no | `WET` or `DRY` |

## Fill

`POST /v1/fill`

{HEAD}| state | string | no | `OPEN` or `SHUT` |

## Enums

### Pond types

* `DEEP`
* `FLAT`
* `WIDE`
"""


def test_a_parameter_that_takes_less_of_an_enum_lists_what_it_takes(tmp_path: Path) -> None:
    """The list is named in the plural; who takes all of it needs no values."""
    found = draft(tmp_path, KINDS)
    assert "type: {type: Type, required: true" in found
    assert "upperType: {type: Type, required: true" in found
    assert "values: [DEEP, FLAT]}" in found
    assert "lowerType: {type: Type, doc" in found
    assert 1 == found.count("name: WIDE, value: WIDE")


def test_a_name_that_means_several_things_has_no_enum(tmp_path: Path) -> None:
    """The states of a pond and of a fill have no value in common."""
    found = draft(tmp_path, KINDS)
    assert 2 == found.count("state: {type: string")
    assert "value: WET" not in found


def test_entries_of_a_list_introduce_nothing() -> None:
    """`deep` is a value here, even if it is the label of a table elsewhere."""
    page = "## Enums\n\n### pond\n\n* `deep`\n* `flat` – not deep\n"
    found = read(page, rules="labels: {fields: [deep]}")
    assert ["deep", "flat"] == list(names(found, "value", "enum pond"))


ALONE = f"""\
# Pond API

## Dig

`POST /v1/ponds`

{HEAD}| pondType | string | yes | `deep`, `flat`, `wide` |
| depth | decimal | no | How deep. `deep` only. Meters. |
| width | decimal | no | Valid for `flat` & `wide` |
| name | string | no | Lower case only. `deep`: the `flat` name only counts |
| reeds | boolean | no | Valid for `deep`, `flat` and `wide` |
| fish | string | no | Valid for `carp` only |
| bank | string | yes | `flat` only |
"""


def test_what_is_for_some_kinds_only_says_so(tmp_path: Path) -> None:
    """A parameter that a page gives to some values of a required one is written so; all values are no condition."""
    found = draft(tmp_path, ALONE)
    assert 'depth: {type: decimal, doc: "Depth.", only: {pondType: [deep]}}' in found
    assert 'width: {type: decimal, doc: "Width.", only: {pondType: [flat, wide]}}' in found
    assert 2 == found.count("only: {")
