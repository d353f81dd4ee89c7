"""The straight lines that calls run through, held against the declarations that they were printed from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.apis import OPERATIONS, Api, label
from venues.core.request.operation import Operation
from venues.core.request.params import Param
from venues.core.request.rules import Condition, Rule
from venues.core.request.wire import Repeated, join_pairs, percent, text_of
from venues.errors import InvalidRequest

DOUBTFUL = [(api, operation) for api, operation in OPERATIONS if operation.doubt is not None]
HOSTILE = ["", "0", "-0", "1", "true", "TRUE", "nan", "BTC/USDT", "a=b&c", "é", "LIMIT ", 0, 1, True, False]


def values_of(operation: Operation[Any], param: Param, example: object) -> list[object]:
    """Return what makes a difference to rules: nothing, what conditions name, what lies around a range, and the rest."""
    named = [c for rule in operation.rules for c in rule.when if c.wire == param.wire]
    edges = [edge for c in named for edge in (c.minimum, c.maximum) if edge is not None]
    texts = [value for c in named for value in c.values]
    about = [str(edge + step) for edge in edges for step in (-1, 0, 1)]
    numbers = ["1700000000000", "1700086400000", 1_700_000_000_000] if "time" in param.wire.lower() else []
    return [*[None] * 10, *texts, *about, *numbers, *([example] if example is not None else []), "1"]


def written(operation: Operation[Any], drawn: dict[str, object]) -> Iterator[tuple[str, object]]:
    """Yield what can be written of the values that were drawn, as it is sent."""
    for wire, value in drawn.items():
        param = operation.by_wire[wire]
        with suppress(InvalidRequest):
            if value not in (None, ""):
                yield wire, param.encode(value, param.name)


def first_broken(operation: Operation[Any], sent: dict[str, object]) -> int | None:
    """Return the place of the first rule that a call breaks, by the declarations."""
    for place, rule in enumerate(operation.rules):
        try:
            rule.check(sent, operation.by_wire)
        except (InvalidRequest, ArithmeticError, ValueError):
            return place
    return None


@pytest.mark.parametrize(("api", "operation"), DOUBTFUL, ids=label)
def test_line_misses_no_broken_rule(api: Api, operation: Operation[Any]) -> None:
    """Whatever is sent, the line names a rule no later than the first one that the declarations find broken."""
    examples = {operation.by_name[name].wire: value for name, value in api.arguments(operation).items()}
    choices = {
        param.wire: st.sampled_from([*values_of(operation, param, examples.get(param.wire)), *HOSTILE])
        for param in operation.params
    }

    # Drawn around one rule at a time: of all calls, few meet the conditions of any.
    @given(st.fixed_dictionaries(choices), st.sampled_from(operation.rules), st.data())
    def hold(drawn: dict[str, object], rule: Rule, data: st.DataObject) -> None:
        met = {c.wire: data.draw(st.sampled_from(c.values)) for c in rule.when if c.values}
        sent = dict(written(operation, {**drawn, **met}))
        broken, doubt = first_broken(operation, sent), operation.doubt
        assert doubt is not None
        named = doubt(sent)
        assert broken is None or (named is not None and named <= broken)

    hold()


def test_there_is_a_line_for_every_rule_with_a_condition() -> None:
    """What is printed is used: no operation with such rules goes without."""
    assert [o.full_name for _, o in DOUBTFUL] == [o.full_name for _, o in OPERATIONS if any(r.when for r in o.rules)]


def test_usual_call_gives_rise_to_no_doubt() -> None:
    """The examples of the specification run no loop over rules, but for numbers and times, which the declarations read."""
    doubted = [
        (operation.full_name, operation.rules[named])
        for api, operation in DOUBTFUL
        if (sent := operation.encode(operation.to_wire(api.arguments(operation)), validate=True)) is not None
        and operation.doubt is not None
        and (named := operation.doubt(sent)) is not None
    ]
    assert [] == [one for one in doubted if one[1].kind != "window" and not any(map(has_range, one[1].when))]


def has_range(condition: Condition) -> bool:
    return condition.minimum is not None or condition.maximum is not None


VALUES = st.one_of(
    st.text(max_size=6),
    st.integers(),
    st.booleans(),
    st.lists(st.text(max_size=3), max_size=3).map(Repeated),
    st.lists(st.integers(), max_size=2),
)


@given(st.dictionaries(st.text(min_size=1, max_size=4), VALUES, max_size=5))
def test_short_way_of_writing_a_query_is_the_long_one(pairs: dict[str, object]) -> None:
    """Each name and value is percent-encoded by itself, whether or not the whole needed no look at each."""

    def each() -> Iterator[str]:
        for name, value in pairs.items():
            for one in value if isinstance(value, Repeated) else [value]:
                yield f"{percent(name)}={percent(text_of(one))}"

    assert "&".join(each()) == join_pairs(pairs.items())
