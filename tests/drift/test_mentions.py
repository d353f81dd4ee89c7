"""What a description only mentions is no value: other members, values of other parameters, examples."""

from __future__ import annotations

import pytest

from tests.drift.reading import names, read

PAGE = """\
## Look

`GET /v1/pond`

| Name | Type | Required | Description |
|---|---|---|---|
| kind | string | yes | `lake`, `pond`, `puddle` |
| fish | string | no | {text} |
| pondId | string | no | Which |
| deepKind | string | no | `lake`, `pond` |
"""


def values(text: str) -> list[str]:
    """The values of `fish` that are read from its description."""
    found = names(read(PAGE.format(text=text)), "value", "GET /v1/pond")
    return [name.partition("=")[2] for name in found if name.startswith("fish=")]


@pytest.mark.parametrize(
    "text",
    [
        "Either `fish` or `pondId` is sent",
        "Like `CARP`. Not for `lake`, `pond`",
        "kind=`lake`, `pond`: none but `CARP`",
        "Such as `CARP`, or like `PIKE`",
    ],
)
def test_mentions_are_no_values(text: str) -> None:
    """Whether of a name, of a condition or of an example."""
    assert [] == values(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("`CARP`, `PIKE`", ["CARP", "PIKE"]),
        ("`CARP`, `PIKE` in combination with `pondId`", ["CARP", "PIKE"]),
        ("`CARP`, `PIKE`, and for `lake` `TROUT`", ["CARP", "PIKE", "TROUT"]),
    ],
)
def test_the_other_values_stay(text: str, expected: list[str]) -> None:
    """Without what is mentioned beside them."""
    assert expected == values(text)


def test_parameters_of_one_kind_may_share_values() -> None:
    """`deepKind` takes some of the values of `kind`."""
    found = names(read(PAGE.format(text="Which")), "value", "GET /v1/pond")
    assert {"deepKind=lake", "deepKind=pond"} <= set(found)
