"""JSON samples as documentation prints them are read as far as they can be."""

from __future__ import annotations

import pytest

from generator.drift.facts.samples import read_sample
from tests.drift.reading import names, read


def paths(text: str) -> list[str]:
    return [member.path for member in read_sample(text).members]


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("as it should be", '{"a": 1, "b": {"c": "x"}}'),
        ("comments", '{\n  "a": 1, // one "d": 2\n  "b": { /* two */ "c": "x" }\n}'),
        ("lost commas", '{\n  "a": 1\n  "b": {\n    "c": "x"\n  }\n}'),
        ("trailing commas", '{"a": 1, "b": {"c": "x",},}'),
        ("lost line breaks", '{"a":1,// one"b": {"c":"x"// two } }'),
        ("single quotes", "{'a': 1, 'b': {'c': 'x'}}"),
        ("names without quotes", "{a: 1, b: {c: 2}}"),
        ("cut off", '{"a": 1, "b": {"c": "x"'),
        ("dots", '{"a": 1, ..., "b": {"c": "x", ...}}'),
        ("a heading inside", '# Response\n{"a": 1, "b": {"c": "x"}}'),
    ],
)
def test_members_are_found_whatever_is_broken(what: str, text: str) -> None:
    """The same members are found in all forms."""
    assert ["a", "b", "b.c"] == paths(text), what


def test_lists_are_marked_in_the_path() -> None:
    """Members of objects in a list have `[]` in their path, each path once."""
    assert ["data", "data[].id", "data[].tags"] == paths('{"data": [{"id": 1, "tags": ["x"]}, {"id": 2}]}')


def test_objects_without_a_comma_between_them_are_read() -> None:
    """A list whose objects follow one another without commas is a list all the same."""
    assert ["[].a", "[].b"] == paths('[\n {"a": 1}\n {"b": 2}\n]')


def test_a_comment_with_a_name_in_it_is_no_member() -> None:
    """A quoted word and a colon in a comment of its own line are words."""
    assert ["dual"] == paths('{\n  "dual": true // "true": hedge mode; "false": one-way\n}')


def test_comments_are_kept_for_their_values() -> None:
    """A comment belongs to the member before it."""
    sample = read_sample('{"side":1,// 1: buy, 2: sell"type":2// 1: limit, 2: market }')
    assert ["1: buy, 2: sell", "1: limit, 2: market"] == [member.comment for member in sample.members]


def test_where_a_sample_cannot_be_read_further_is_told() -> None:
    """The line is counted from the sample's first."""
    assert 2 == read_sample('{\n"a": 1,\n"b": {').broken


def test_a_bomb_of_brackets_does_no_harm() -> None:
    """A hundred thousand brackets are given up on, not descended into."""
    assert [] == paths("[" * 100_000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [('{"a": 1}', "int"), ('{"a": "1"}', "string"), ('{"a": 1.5}', "number"), ('{"a": [1]}', "array")],
)
def test_types_are_those_of_the_values(text: str, expected: str) -> None:
    """A sample tells whether a number arrives in quotes."""
    assert expected == read_sample(text).members[0].type


TOWNS = """\
## Lamps

GET /v1/lamps

### Response Parameters

| Name | Type | Comments |
|---|---|---|
| room | string | Which |
| byCoin | {0} |

### Response

```json
{{"room": "7", "byCoin": {{"ABC": "1.5", "DEF": "2.5"}}, "state": {{"ON": 1, "OFF": 2}}}}
```
"""


def test_keys_of_a_map_are_no_members() -> None:
    """The table has the map and not the coins in it; what no table describes may have members in capitals."""
    facts = read(TOWNS.format("Object | Amounts"))
    assert ["state", "state.ON", "state.OFF"] == list(names(facts, "sample", "GET /v1/lamps"))
    assert ("byCoin", "map<string>", "1.5") in facts.samples["GET /v1/lamps"]


def test_keys_that_a_table_lists_are_members() -> None:
    """Nothing is folded."""
    facts = read(TOWNS.format("Object | Amounts |\n| > ABC | string | One |\n| > DEF | string | Other"))
    assert {"byCoin.ABC", "byCoin.DEF"} <= set(names(facts, "field", "GET /v1/lamps"))
