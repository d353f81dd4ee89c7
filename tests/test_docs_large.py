"""The reference of an API with thousands of operations has no page that grows with all of them."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from generator.model.api import Api
from generator.reference.findings import MOST_ODD, findings
from generator.reference.pages import MOST_LISTED, Reference
from tests.support.specs import models

APIS = models()
TIMES = 60

each_api = pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)


def many(api: Api) -> Api:
    """The same API with thousands of operations."""
    return replace(api, groups=tuple(replace(group, operations=group.operations * TIMES) for group in api.groups))


@each_api
def test_the_overview_leads_to_all_operations(api: Api) -> None:
    """Nobody has to open a group's page to see what there is."""
    reference = Reference(api)
    assert [0] * len(api.groups) == [reference.left_out(group) for group in api.groups]


@each_api
def test_the_overview_of_thousands_leads_to_some_of_each_group(api: Api) -> None:
    """It says how many more the group's page has, and leaves none out of the count."""
    large = many(api)
    reference = Reference(large)
    shown = [len(reference.listed_operations(group)) for group in large.groups]
    assert all(shown)
    assert sum(shown) <= MOST_LISTED
    assert len(large.operations) == sum(shown) + sum(reference.left_out(group) for group in large.groups)


@each_api
def test_thousands_of_oddities_are_told_with_what_they_are_about(api: Api) -> None:
    """The page of changes names the first of a day, those of the whole API among them, and counts the others."""
    told = [words for _, found in findings(many(api)) for words in found]
    assert [] == [words for _, found in findings(api) for words in found[:1] if words not in told]
    assert all(len(found) <= MOST_ODD + 1 for _, found in findings(many(api)))
    assert any(words.endswith("more, on the pages of their operations and types") for words in told)
