"""The straight lines that calls run through, held against the declarations that they were compiled from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from tests.support.apis import APIS, OPERATIONS, Api, label
from venues.core.request.operation import Operation
from venues.core.request.params import Param
from venues.core.request.rules import Condition, Rule
from venues.core.request.straight import compile_line, print_line
from venues.core.request.wire import Repeated, join_pairs, percent, text_of
from venues.errors import InvalidRequest

JUDGED = [(api, operation) for api, operation in OPERATIONS if any(rule.when for rule in operation.rules)]
HOSTILE = ["", "0", "-0", "1", "true", "TRUE", "nan", "BTC/USDT", "a=b&c", "é", "LIMIT ", 0, 1, True, False]
ODD = [None, "", "-1", "1_0", "BTC/USDT", "LIMIT", -1, 10**30, True, 0.5, Decimal("1E-9"), [], [""], {"a": ""}]


def values_of(operation: Operation[Any], param: Param, example: object) -> list[object]:
    """Return what makes a difference to rules: nothing, what conditions name, what lies around a range, and the rest."""
    named = [c for rule in operation.rules for c in rule.when if c.wire == param.wire]
    edges = [edge for c in named for edge in (c.minimum, c.maximum) if edge is not None]
    texts = [value for c in named for value in c.values]
    about = [str(edge + step) for edge in edges for step in (-1, 0, 1)]
    numbers = ["1700000000000", "1700086400000", 1_700_000_000_000] if "time" in param.wire.lower() else []
    return [*[None] * 10, *texts, *about, *numbers, *([example] if example is not None else []), "1"]


def arguments(api: Api, operation: Operation[Any]) -> dict[str, object]:
    return operation.to_wire(api.arguments(operation))


def outcome(encode: Callable[[], dict[str, object]]) -> object:
    """Return what is sent, in its order and with its types, or what is said against it."""
    try:
        return [
            (wire, type(value), bytes(value) if isinstance(value, Raw) else value) for wire, value in encode().items()
        ]
    except (InvalidRequest, ArithmeticError) as error:
        return type(error), str(error)


def differs(operation: Operation[Any], given: dict[str, object]) -> bool:
    """Whether the straight line sends or says anything else than the declarations."""
    declared = outcome(lambda: operation.encode_as_declared(given, validate=True))
    return outcome(lambda: operation.encode(given, validate=True)) != declared


@pytest.mark.parametrize(("api", "operation"), JUDGED, ids=label)
def test_line_judges_as_declared(api: Api, operation: Operation[Any]) -> None:
    """Whatever is sent, the line takes what the rules take, and refuses what they refuse, in their words."""
    examples = arguments(api, operation)
    choices = {
        param.wire: st.sampled_from([*values_of(operation, param, examples.get(param.wire)), *HOSTILE])
        for param in operation.params
    }

    # Drawn around one rule at a time: of all calls, few meet the conditions of any.
    @given(st.fixed_dictionaries(choices), st.sampled_from(operation.rules), st.data())
    def hold(drawn: dict[str, object], rule: Rule, data: st.DataObject) -> None:
        met = {c.wire: data.draw(st.sampled_from(c.values)) for c in rule.when if c.values}
        assert not differs(operation, {**drawn, **met})
        # Most of what was drawn is refused before any rule is asked; so a call is held whose values can be written.
        writable = {
            wire: value for wire, value in {**examples, **drawn, **met}.items() if is_writable(operation, wire, value)
        }
        assert not differs(operation, writable)

    hold()


def is_writable(operation: Operation[Any], wire: str, value: object) -> bool:
    param = operation.by_wire[wire]
    try:
        param.check(param.encode(value, param.name), value)
    except InvalidRequest:
        return False
    return True


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
def test_line_writes_as_declared(api: Api) -> None:
    """Each operation sends its example, one parameter of it left out or odd, or in another order, as it is declared."""
    differing = [
        (operation.full_name, given)
        for operation in api.operations
        for example in [arguments(api, operation)]
        for given in (
            *({**example, param.wire: odd} for param in operation.params for odd in ODD),
            {**dict.fromkeys(operation.by_wire), **example},
            dict(reversed(example.items())),
        )
        if differs(operation, given)
    ]
    assert [] == differing


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
def test_usual_call_gives_rise_to_no_doubt(api: Api) -> None:
    """The examples of the specification run no loop over parameters and rules."""
    for operation in api.operations:
        line = compile_line(operation.full_name, operation.params, operation.rules, operation.always)
        line(*{**dict.fromkeys(operation.by_wire), **arguments(api, operation)}.values())


def test_line_reads_as_a_person_would_write_it() -> None:
    """A parameter takes a line or two, and so does a rule."""
    side = Rule("require", ("price", "qty"), when=(Condition("type", ("LIMIT",)),))
    alone = Rule("forbid", ("cost",), when=(Condition("qty", present=True),))
    params = (
        Param("type", "type", "string", required=True, default="MARKET"),
        Param("qty", "quantity", "decimal", minimum=Decimal(0)),
        Param("price", "price", "decimal"),
        Param("cost", "class", "integer", minimum=Decimal(1)),
    )
    assert LINE == print_line(params, (side, alone))[0]


LINE = """\
def write(type, quantity, price, P3):
    sent = {}
    type = sent['type'] = type if Type(type) is Text and type and is_ascii(type) else type_DECLARED(type)
    if quantity is not None:
        text = Text(quantity) if Type(quantity) is Exact else quantity if Type(quantity) is Text else ""
        sent['qty'] = text if is_plain_unsigned(text) else quantity_DECLARED(quantity)
    if price is not None:
        text = Text(price) if Type(price) is Exact else price if Type(price) is Text else ""
        sent['price'] = text if is_plain(text) else price_DECLARED(price)
    if P3 is not None:
        sent['cost'] = Text(P3) if Type(P3) is Whole and 1 <= P3 < LARGEST else P3_DECLARED(P3)
    if P3 is not None and quantity is not None:
        CHECK_1(sent, PARAMS)
    if type == 'LIMIT' and (price is None or quantity is None):
        CHECK_0(sent, PARAMS)
    return sent"""


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
