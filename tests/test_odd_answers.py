"""Answers as exchanges are seen to write them: the same in another form, or something that no page mentions."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from tests.support.apis import OPERATIONS, Api
from tests.support.payloads import anchored, as_text, changed, written
from venues.core.answer.decode import Reader
from venues.core.request.messages import Reply
from venues.core.request.operation import Operation

WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}")
FRACTION = re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]+")
BEYOND_DOUBLES = 2**53 + 1
RETURNING = [(api, operation) for api, operation in OPERATIONS if operation.returns is not None]
UNTYPED = {("sixmm", "order.get_strategy_order")}
"""Answers with members that are returned as they come, because no page says their types."""


def as_number(value: Any) -> Any:
    if isinstance(value, str) and WHOLE.fullmatch(value):
        return int(value)
    return Decimal(value) if isinstance(value, str) and FRACTION.fullmatch(value) else value


def with_exponent(value: Any) -> Any:
    # 0E-8 is what several exchanges write for a zero of eight digits.
    return f"{Decimal(value):E}" if isinstance(value, str) and FRACTION.fullmatch(value) else value


THE_SAME: dict[str, Callable[[Any], Any]] = {
    "numbers, times and booleans as text": as_text,
    "text as numbers": as_number,
    "decimals with an exponent": with_exponent,
}
ODD: dict[str, Any] = {
    "null": None,
    "an empty string": "",
    "an unknown word": "BRAND_NEW",
    "a zero with an exponent": "0E-8",
    "an integer beyond 64 bits": 10**30,
    "a negative number": -1,
    "a fraction": Decimal("1.5"),
    "a time in words": "2026-01-01T00:00:00.000Z",
    "no number": "NaN",
    "true": True,
    "an object": {},
    "a list": [],
}


@pytest.mark.parametrize("writing", THE_SAME)
def test_another_writing_says_the_same(writing: str) -> None:
    """Numbers as text, text as numbers and exponents are read as the values that they are, in every answer."""
    differ = []
    for api, operation in RETURNING:
        as_documented = read(api, operation, changed(api, operation, lambda payload: payload))
        otherwise = read(api, operation, changed(api, operation, lambda payload: written(payload, THE_SAME[writing])))
        if otherwise != as_documented and (api.name, operation.full_name) not in UNTYPED:
            differ.append(f"{api.name} {operation.full_name}")
    assert [] == differ


@pytest.mark.parametrize("oddity", ODD)
def test_oddity_hides_nothing(oddity: str) -> None:
    """Whatever stands in all members except what proves the answer, it is returned, and can be written to a file."""
    for api, operation in RETURNING:
        exported(read(api, operation, filled(api, operation, ODD[oddity])))


@pytest.mark.parametrize("value", [BEYOND_DOUBLES, str(BEYOND_DOUBLES)], ids=["a number", "text"])
def test_integer_beyond_doubles_keeps_its_digits(value: object) -> None:
    """2^53 + 1 is read exactly by whatever can hold it."""
    for api, operation in RETURNING:
        assert b"9007199254740992" not in exported(read(api, operation, filled(api, operation, value)))


def filled(api: Api, operation: Operation[Any], value: object) -> bytes:
    """Return an answer with one value in all members, except what proves that it is one."""
    return changed(api, operation, lambda payload: anchored(written(payload, lambda _: value), payload, operation))


def read(api: Api, operation: Operation[Any], body: bytes) -> Any:
    return Reader(operation, api.client.PROFILE.envelope).read(Reply(200, {}, body), lambda _path, _what: None)


def exported(data: Any) -> bytes:
    """Return what was read as JSON."""
    return msgspec.json.encode(data)
