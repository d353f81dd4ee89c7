"""Where streams connect to: environments, connections with addresses of their own, and servers of the caller's own."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from venues.binance_spot import BinanceSpot
from venues.core.streams.address import addresses, whole_address
from venues.core.streams.pool import ConnectionPool


def address(environment: str, kind: str, time_unit: str | None = None, url: str | None = None, **options: Any) -> str:
    """Return where a client's streams of one kind would connect to."""
    client = BinanceSpot(api_key="k", api_secret="s", environment=environment, **options)
    given = client._stream_options(url, None, None, None, time_unit)

    class Context:
        given: ClassVar[dict[str, Any]] = {}

    pool = ConnectionPool(Context, given["base"], given["bases"], ask=None)  # type: ignore[arg-type]
    return str(pool._address(kind, given["protocol"].connections[kind]))


@pytest.mark.parametrize(
    ("environment", "kind", "expected"),
    [
        ("production", "market", "wss://stream.binance.com:9443/stream"),
        ("production", "user", "wss://ws-api.binance.com:443/ws-api/v3"),
        ("testnet", "market", "wss://stream.testnet.binance.vision/stream"),
        ("testnet", "user", "wss://ws-api.testnet.binance.vision/ws-api/v3"),
    ],
)
def test_connections_may_have_addresses_of_their_own(environment: str, kind: str, expected: str) -> None:
    """Each kind of connection goes where the environment has it."""
    assert expected == address(environment, kind)


@pytest.mark.parametrize(
    ("url", "kind", "expected"),
    [
        ("wss://stream.example.com/", "market", "wss://stream.example.com/stream"),
        ("wss://stream.example.com", "user", "wss://ws-api.binance.com:443/ws-api/v3"),
        ("wss://stream.example.com/a", "market", "wss://stream.example.com/a/stream"),
        ("ws://127.0.0.1:9", "user", "ws://127.0.0.1:9/ws-api/v3"),
    ],
)
def test_another_stream_address_keeps_what_has_its_own(url: str, kind: str, expected: str) -> None:
    """It is for the connections that share an address: a login meant for another host must not go there.

    On this machine it stands for all, so that no test reaches the exchange.
    """
    assert expected == address("production", kind, url=url)


@pytest.mark.parametrize(
    ("url", "base", "expected"),
    [
        (None, None, "wss://stream.example.com/ws/public?v=2&timeUnit=us"),
        ("wss://other.example.com/", None, "wss://other.example.com/public?v=2&timeUnit=us"),
        ("ws://127.0.0.1:9", None, "ws://127.0.0.1:9/public?v=2&timeUnit=us"),
        (None, "https://other.example.com", "wss://other.example.com/ws/public?v=2&timeUnit=us"),
        (None, "http://127.0.0.1:9", "ws://127.0.0.1:9/ws/public?v=2&timeUnit=us"),
    ],
)
def test_what_an_exchange_wants_in_every_address_is_kept(url: str | None, base: str | None, expected: str) -> None:
    """The query of a documented address stays, wherever the connection goes, and joins that of the connection."""
    there, _ = addresses("wss://stream.example.com/ws?v=2", {}, url, base)
    assert expected == whole_address(there, "/public?timeUnit=us")


def test_a_server_of_the_callers_own_stands_for_all() -> None:
    """Who sets a base address has every connection there, so that no test reaches the exchange."""
    for kind, path in (("market", "/stream"), ("user", "/ws-api/v3")):
        assert f"ws://127.0.0.1:9{path}" == address("production", kind, base_url="http://127.0.0.1:9")
