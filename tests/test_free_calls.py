"""Calls that the specification lacks, and clients with other options."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.support import wild_server as wild
from tests.support.wild_server import WildServer
from venues.aster_futures import AsterFutures, AsyncAsterFutures
from venues.bitget_margin import BitgetMargin
from venues.errors import ConnectionFailed, ExecutionUnknown, InvalidRequest, OrderNotFound, RequestTimeout, VenueError
from venues.mock import Mock
from venues.retry import NEVER


def aster(url: str, **options: Any) -> AsterFutures:
    return AsterFutures(api_key="k", api_secret="s", base_url=url, retry=NEVER, **options)


def test_free_call_is_signed_like_any_other() -> None:
    """The mock exchange, which checks signatures, answers a call by path as it answers the method for it."""
    with Mock("aster_futures", remembers=False) as mock, AsterFutures(base_url=mock.url, **mock.credentials) as client:
        answer = client.request("GET", "/fapi/v2/balance", auth="signed")
        assert [balance.asset for balance in client.account.get_balances()] == [row["asset"] for row in answer.data]
        assert 200 == answer.status


async def test_free_call_can_be_awaited() -> None:
    """The async client has the same call."""
    with Mock("aster_futures", remembers=False) as mock:
        async with AsyncAsterFutures(base_url=mock.url, **mock.credentials) as client:
            assert "serverTime" in (await client.request("GET", "/fapi/v1/time")).data


def test_free_call_that_writes_must_happen_once() -> None:
    """A lost answer to what is no GET leaves its outcome unknown, unless the caller says otherwise."""
    with WildServer(wild.closes) as server, aster(server.url) as client:
        with pytest.raises(ExecutionUnknown, match="POST /fapi/v9/new"):
            client.request("POST", "/fapi/v9/new", {"symbol": "BTCUSDT"}, auth="signed")
        with pytest.raises(VenueError, match="GET /fapi/v9/new") as caught:
            client.request("GET", "/fapi/v9/new")
        assert not isinstance(caught.value, ExecutionUnknown)


def test_refusal_of_a_free_call_is_of_its_kind() -> None:
    """The exchange's code means the same in every call."""
    body = b'{"code":-2013,"msg":"Order does not exist."}'
    with WildServer(wild.answers_with(b"", body)) as server, aster(server.url) as client, pytest.raises(OrderNotFound):
        client.request("GET", "/fapi/v9/new", auth="signed")


def test_values_are_written_as_python_has_them() -> None:
    """In a form everything is text; in JSON numbers and lists are themselves, and decimals text, digit by digit."""
    given = {"a": 1, "b": True, "c": Decimal("0.10"), "d": ["x", 1], "e": None, "f": "é&"}
    with WildServer(wild.answers) as server:
        with aster(server.url) as client:
            client.request("POST", "/x", given, effect="read")
        with BitgetMargin(base_url=server.url, retry=NEVER) as other, pytest.raises(VenueError):
            other.request("POST", "/x", given, effect="read")
    form, json = (request.partition(b"\r\n\r\n")[2] for request in server.requests)
    assert b"a=1&b=true&c=0.10&d=%5B%22x%22%2C1%5D&f=%C3%A9%26" == form
    assert '{"a":1,"b":true,"c":"0.10","d":["x",1],"f":"é&"}'.encode() == json


def test_body_may_be_a_bare_list() -> None:
    """As where exchanges take several orders: the only parameter is the body, and its name is not sent."""
    orders = [{"symbol": "BTC", "size": 2, "price": "7", "fee": Decimal("0.10"), "note": "é"}, {"symbol": "ETH"}]
    keys: dict[str, Any] = {"api_key": "k", "api_secret": "s", "passphrase": "p"}
    with WildServer(wild.answers) as server, BitgetMargin(base_url=server.url, retry=NEVER, **keys) as client:
        for listed in (orders, tuple(orders), []):
            with pytest.raises(ExecutionUnknown):
                client.request("POST", "/x", {"orders": listed}, auth="signed", carrier="list")
    bodies = [request.partition(b"\r\n\r\n")[2].decode() for request in server.requests]
    written = '[{"symbol":"BTC","size":2,"price":"7","fee":0.10,"note":"é"},{"symbol":"ETH"}]'
    assert [written, written, "[]"] == bodies


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"method": "FETCH"}, "method is 'FETCH'"),
    ({"path": "fapi/v1/time"}, "must begin with /"),
    ({"path": "/x?y=1"}, "pass that as params"),
    ({"auth": "sign"}, "auth is 'sign'"),
    ({"effect": "twice"}, "effect is 'twice'"),
    ({"carrier": "xml"}, "carrier is 'xml'"),
    ({"carrier": "list"}, "params must hold one list"),
    ({"carrier": "list", "params": {"a": "x"}}, "params must hold one list"),
    ({"carrier": "list", "params": {"a": [1], "b": [2]}}, "params must hold one list"),
    ({"cost": -1}, "cost is -1"),
    ({"params": {"a": 0.1}}, "a is the float 0.1"),
    ({"params": {"a": object()}}, "a is of type object"),
]


@pytest.mark.parametrize(("change", "message"), WRONG, ids=[message for _, message in WRONG])
def test_wrong_argument_of_a_free_call_is_refused(change: dict[str, Any], message: str) -> None:
    """Nothing is sent, and the message names the argument."""
    with WildServer(wild.answers) as server, aster(server.url) as client:
        with pytest.raises(InvalidRequest, match=message):
            client.request(**{"method": "GET", "path": "/x", **change})
        assert not server.requests


def test_other_options_share_connections_and_limits() -> None:
    """A copy sends on the same connection, counts in the same place, and closes nothing."""
    with WildServer(wild.answers_with(b"", b'{"serverTime":1}')) as server, aster(server.url) as client:
        with client.with_options(timeout=3.0) as patient:
            client.market.get_server_time()
            patient.market.get_server_time()
            assert patient.market is not client.market
            assert client.limits is patient.limits
        client.market.get_server_time()
        assert 1 == len(server.connections)
    with pytest.raises(InvalidRequest, match="closed"):
        patient.market.get_server_time()


def test_other_options_hold_for_the_copy_alone() -> None:
    """A short time for one client leaves the other its own."""
    with WildServer(wild.silent) as server, aster(server.url, timeout=60) as client:
        with pytest.raises(RequestTimeout):
            client.with_options(timeout=0.1).market.get_server_time()
        assert 60 == client._timeout


def test_other_options_are_checked() -> None:
    """A wrong option is refused as in the constructor."""
    with pytest.raises(InvalidRequest, match="timeout is -1"):
        AsterFutures().with_options(timeout=-1)
    wrong: Any = False
    with pytest.raises(InvalidRequest, match="retry is of type bool"):
        AsterFutures().with_options(retry=wrong)


def test_copy_checks_or_does_not() -> None:
    """`validate=False` sends what the rules refuse."""
    client = aster("http://127.0.0.1:1")
    with pytest.raises(InvalidRequest):
        client.market.get_order_book(symbol="BTCUSDT", limit=-1)
    with pytest.raises(ConnectionFailed):
        client.with_options(validate=False).market.get_order_book(symbol="BTCUSDT", limit=-1)
