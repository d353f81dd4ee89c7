"""Where streams connect to: environments, connections with addresses of their own, and servers of the caller's own."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from venues.binance_spot import BinanceSpot
from venues.core.streams.pool import ConnectionPool


def address(environment: str, kind: str, time_unit: str | None = None, **options: Any) -> str:
    """Return where a client's streams of one kind would connect to."""
    client = BinanceSpot(api_key="k", api_secret="s", environment=environment, **options)
    given = client._stream_options(None, None, None, None, time_unit)

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


def test_a_server_of_the_callers_own_stands_for_all() -> None:
    """Who sets a base address has every connection there, so that no test reaches the exchange."""
    for kind, path in (("market", "/stream"), ("user", "/ws-api/v3")):
        assert f"ws://127.0.0.1:9{path}" == address("production", kind, base_url="http://127.0.0.1:9")
