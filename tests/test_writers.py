"""What writes a value in one step, held against the declared parameter that it was compiled from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from tests.support.apis import APIS, OPERATIONS
from venues.core.request.nested import check_nested
from venues.core.request.operation import Operation
from venues.core.request.params import Param
from venues.core.request.straight import Doubt, compile_line
from venues.core.values.enums import OpenIntEnum, OpenStrEnum
from venues.core.values.numbers import LARGEST
from venues.errors import InvalidRequest


class Other(OpenStrEnum):
    """An enum of somebody else's, with values that fit by chance."""

    BUY = "BUY"
    ONE = "1"


class Numbered(OpenIntEnum):
    """The same with numbers."""

    ONE = 1


class Text(str):
    """A text that is none of Python's own."""


HOSTILE: list[Any] = [
    *(
        "0",
        "-0",
        "0.0",
        "-0.5",
        "1",
        "01",
        "1.",
        ".5",
        "+1",
        "1e3",
        "1E-9",
        "NaN",
        "-inf",
        "1_000",
        "١",
        " 1",
        "1\n",
        "9" * 41,
    ),
    *(
        "true",
        "TRUE",
        "BTCUSDT",
        "BTC/USDT",
        "a=b&c",
        "é",
        "\ud800",
        "BUY",
        "buy",
        "LIMIT\n",
        "A" * 36,
        "A" * 37,
        "a" * 500,
    ),
    *(0, 1, -1, 2, 10**12, -(10**12), LARGEST, 10**5000, 1_700_000_000, 1_700_000_000_000, True, False, 0.1, 1.0),
    *map(Decimal, ("0", "-0", "0.00", "-1", "1", "1E+3", "1E-9", "1E+200", "NaN", "Infinity", "5000.5")),
    *(Other.BUY, Other.ONE, Other("new"), Numbered.ONE, Numbered(7), Text("1"), Text("BUY"), b"1", object),
    *(datetime(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC), [], ["1"], [1], (), {}, {"a": 1}),
]


def shapes() -> list[Param]:
    """Return the parameters of all APIs, of those that differ in their names only one."""
    return list({replace(param, wire="x", name="x"): None for _, o in OPERATIONS for param in o.params})


def around(param: Param) -> list[object]:
    """Return values at the edges of what a parameter takes."""
    edges = [edge + step for edge in (param.minimum, param.maximum) if edge is not None for step in (-1, 0, 1)]
    sizes = [size + step for size in (param.min_length, param.max_length) if size is not None for step in (-1, 0, 1)]
    members = list(param.kind) if isinstance(param.kind, type) else []
    return [
        *edges,
        *(int(edge) for edge in edges),
        *(str(edge) for edge in edges),
        *("x" * size for size in sizes),
        *("é" * size for size in sizes),
        *members,
        *(member.value for member in members),
        *(str(member.value) for member in members),
        *param.values,
    ]


def result(write: Callable[[object], object], value: object) -> tuple[object, ...]:
    """Return what is written, with its type, or what is said against it."""
    try:
        written = write(value)
    except InvalidRequest as error:
        return ("refused", str(error))
    # A raw number is compared by its bytes: to Python no two of them are equal.
    return type(written), bytes(written) if isinstance(written, msgspec.Raw) else written


def declared(param: Param) -> Callable[[object], object]:
    def write(value: object) -> object:
        written = param.encode(value, param.name)
        param.check(written, value)
        check_nested(param, written)
        return written

    return write


def straight(param: Param) -> Callable[[object], object]:
    """Return what the straight line of a call with this parameter alone writes; where it gives up, the declaration."""
    line = compile_line("x", (param,))
    long = declared(param)

    def write(value: object) -> object:
        try:
            return line(value)[param.wire]
        except (Doubt, KeyError, InvalidRequest):
            return long(value)

    return write


@pytest.mark.parametrize("hostile", [False, True], ids=["around the edges", "hostile"])
def test_usual_values_are_written_and_refused_as_declared(hostile: bool) -> None:
    """Of every parameter of every API, whatever is passed, the short way does what the declaration does."""
    differing = [
        (param, value, short, long)
        for param in shapes()
        for write, slow in [(straight(param), declared(param))]
        for value in (HOSTILE if hostile else around(param))
        if (short := result(write, value)) != (long := result(slow, value))
    ]
    assert [] == differing


def test_wrong_name_is_refused_with_the_one_that_was_meant() -> None:
    """Names are looked up all at once, and the message names the one that the operation does not have."""
    operation: Operation[Any] = next(o for _, o in OPERATIONS if "symbol" in o.by_name and len(o.params) > 1)
    with pytest.raises(InvalidRequest, match=r"has no parameter 'symbl'.*symbol"):
        operation.to_wire({"symbol": "BTCUSDT", "symbl": "BTCUSDT"})


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
def test_constant_is_found_without_asking_twice(api: Any) -> None:
    """A constant of `operations` is looked for once; from then on Python itself finds it."""
    operations, operation = api.module.operations, api.operations[0]
    constant = f"{operation.group}_{operation.name}".upper()
    assert getattr(operations, constant) is operation
    assert vars(operations)[constant] is operation
