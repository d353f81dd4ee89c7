"""Structs as plain data, for tables, JSON and other programs."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast

import msgspec
import pydantic
import pytest

import venues
from tests.support.apis import APIS, Api
from venues.aster_futures import AsterFutures, Side
from venues.aster_futures.models import Kline, Order
from venues.core.answer.models import Model, TimestampMs, TimestampS
from venues.core.request.operation import Operation
from venues.mock import Mock


class Part(Model, frozen=True, kw_only=True):
    """A part of a thing."""

    small_number: Decimal = msgspec.field(name="smallNumber")


class Thing(Model, frozen=True, kw_only=True):
    """A thing with everything in it."""

    made_at: TimestampMs = msgspec.field(name="madeAt")
    seen_at: TimestampS | None = msgspec.field(name="seenAt", default=None)
    side: Side
    part: Part
    parts: list[Part]


TEXT = '{"madeAt":1700000000123,"seenAt":7,"side":"BUY","part":{"smallNumber":"0.00000001"},"parts":[{"smallNumber":"1E-9"}]}'
THING = msgspec.json.decode(TEXT, type=Thing)


def test_struct_becomes_a_dict_of_exact_values() -> None:
    """Objects are dicts, enums are their values, and decimals stay decimals."""
    assert {
        "made_at": 1700000000123,
        "seen_at": 7,
        "side": "BUY",
        "part": {"small_number": Decimal("0.00000001")},
        "parts": [{"small_number": Decimal("1E-9")}],
    } == THING.to_dict()
    assert str is type(THING.to_dict()["side"])


def test_struct_becomes_json_without_exponents() -> None:
    """No reader makes a float of a decimal; by the exchange's names the text reads back as the same struct."""
    assert "0.000000001" == json.loads(THING.to_json())["parts"][0]["small_number"]
    assert THING == msgspec.json.decode(THING.to_json(wire=True), type=Thing)


def test_time_knows_its_zone() -> None:
    """Milliseconds and seconds become the same kind of time, to the last digit; what is no time says so."""
    assert datetime(2023, 11, 14, 22, 13, 20, 123_000, UTC) == THING.when("made_at")
    assert datetime(1970, 1, 1, 0, 0, 7, tzinfo=UTC) == THING.when("seen_at")
    for wrong in ("side", "madeAt"):
        with pytest.raises(AttributeError, match=rf"Thing\.{wrong} is no time; times are: made_at, seen_at"):
            THING.when(wrong)


def test_structs_become_columns() -> None:
    """Each field is a column, an object in a struct has columns of its own, and times may be datetimes."""
    columns = venues.rows([THING, THING], times="datetime")
    assert ["made_at", "seen_at", "side", "part.small_number", "parts"] == list(columns)
    assert [datetime(2023, 11, 14, 22, 13, 20, 123_000, UTC)] * 2 == columns["made_at"]
    assert [Decimal("0.00000001")] * 2 == columns["part.small_number"]
    assert {} == venues.rows([])


@pytest.mark.parametrize("wrong", [[1], ["BTCUSDT"], [{"a": 1}]])
def test_rows_of_something_else_are_refused(wrong: Any) -> None:
    """A table of one column of reprs helps nobody."""
    with pytest.raises(TypeError, match="rows are made of structs"):
        venues.rows(wrong)


def test_rows_say_what_they_take() -> None:
    """One struct alone, or another word for times, is refused in a sentence that says what to pass."""
    alone: Any = THING
    with pytest.raises(TypeError, match=r"pass \[thing\]"):
        venues.rows(alone)
    word: Any = "date"
    with pytest.raises(ValueError, match="times is 'date'; it may be integer, datetime"):
        venues.rows([THING], times=word)


def test_struct_is_imported_from_where_the_client_is() -> None:
    """`from venues.aster_futures import Order` needs no second address."""
    from venues import aster_futures

    assert aster_futures.Order is Order
    with pytest.raises(ImportError):
        exec("from venues.aster_futures import Decimal", {})


def test_answer_has_the_whole_body_and_what_is_used() -> None:
    """`raw` is the body as JSON, and `used` what its headers say of limits."""
    with Mock("aster_futures", remembers=False) as mock, AsterFutures(base_url=mock.url, **mock.credentials) as client:
        from venues.aster_futures import operations

        answer = client.call(operations.MARKET_GET_SERVER_TIME)
    assert {"serverTime": answer.data.server_time} == answer.raw
    assert isinstance(answer.used, dict)


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
def test_every_answer_can_be_handed_on(api: Api) -> None:
    """What each example answers becomes a dict, JSON, columns, a pickle and a copy."""
    with (
        Mock(api.name, remembers=False) as mock,
        cast(Any, api.client)(base_url=mock.url, **mock.credentials) as client,
    ):
        for operation in api.operations:
            data = client.call(operation, **api.arguments(operation)).data
            structs = [item for item in (data if isinstance(data, list) else [data]) if isinstance(item, Model)]
            assert structs == copy.deepcopy(pickle.loads(pickle.dumps(structs)))
            for struct in structs:
                assert json.loads(struct.to_json()).keys() == struct.to_dict().keys()
            assert len(structs) == len(next(iter(venues.rows(structs).values()), []))


def test_klines_become_a_frame_as_they_are() -> None:
    """The columns of an answer have one length and one kind of value each."""
    with Mock("aster_futures", remembers=False) as mock, AsterFutures(base_url=mock.url) as client:
        klines = client.market.get_klines(symbol="BTCUSDT", interval="1m")
    columns = venues.rows(klines, times="datetime")
    assert Kline.__struct_fields__ == tuple(columns)
    assert {datetime} == {type(value) for value in columns["open_time"]}


def test_json_writes_structs_inside_other_data() -> None:
    """`json.dumps(…, default=venues.json_default)` writes exact texts, and refuses what it does not know."""
    text = json.dumps({"things": [THING], "at": datetime(2026, 1, 1, tzinfo=UTC)}, default=venues.json_default)
    assert "0.000000001" == json.loads(text)["things"][0]["parts"][0]["small_number"]
    assert "2026-01-01T00:00:00+00:00" == json.loads(text)["at"]
    with pytest.raises(TypeError, match="object can't be written as JSON"):
        json.dumps(object(), default=venues.json_default)


def test_pydantic_takes_and_writes_structs() -> None:
    """So FastAPI can return them: by Python names, decimals as text; another type is refused."""
    adapter = pydantic.TypeAdapter(list[Thing])
    assert [json.loads(THING.to_json())] == json.loads(adapter.dump_json([THING]))
    assert "Thing" == adapter.json_schema(mode="serialization")["items"]["title"]
    with pytest.raises(pydantic.ValidationError):
        adapter.validate_python([{"made_at": 1}])


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
def test_every_operation_pickles_as_itself(api: Api) -> None:
    """A pickle and a copy of a constant are the constant, also after it was used."""
    for operation in api.operations:
        operation.encode(operation.to_wire(api.arguments(operation)), validate=False)
        assert operation is pickle.loads(pickle.dumps(operation))
        assert operation is copy.deepcopy(operation)


def test_operation_that_is_no_constant_says_why_it_does_not_pickle() -> None:
    """What a program made by itself has no address that another process could import."""
    operation = Operation[Any]("request", "GET /x", "GET", "/x", "none", "read", Any)
    with pytest.raises(TypeError, match=r"GET /x> can't be pickled, for it is none of an API's constants"):
        pickle.dumps(operation)


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
def test_dir_lists_what_can_be_imported(api: Api) -> None:
    """Completion offers every struct, group and iterator, though they are loaded later."""
    structs = {name for name, found in vars(api.module.models).items() if isinstance(found, type)}
    own = {name for name in structs if getattr(api.module.models, name).__module__ == api.module.models.__name__}
    assert own <= set(api.module.__all__) == set(dir(api.module))
    assert all(hasattr(api.module, name) for name in api.module.__all__)
    client = cast(Any, api.client)()
    paged = {(one.group, f"iter_{one.name.removeprefix('get_')}") for one in api.operations if one.paging}
    assert all(group in dir(client) and name in dir(getattr(client, group)) for group, name in paged)
    assert {"rows", "json_default"} <= set(dir(venues))


def test_absurd_number_fills_no_memory() -> None:
    """1E+999999999 without exponent would be a gigabyte; a hostile answer of some bytes does not become one."""
    assert '"1E+999999999"' in dumped(Decimal("1E+999999999"))
    assert f'"{10**100}"' in dumped(Decimal("1E+100"))


def dumped(number: Decimal) -> str:
    return json.dumps([number], default=venues.json_default)
