"""How a client reaches the exchange: proxy, certificates, local address and name, for every transport and for streams."""

from __future__ import annotations

import asyncio
import base64
import ssl
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import wild_server as wild
from tests.support.waiting import PATIENCE
from tests.support.wild_server import WildServer
from tests.test_transports import NAMES, certificate, fast, fast_async
from venues.aster_futures import AsterFutures, AsyncAsterFutures, operations
from venues.aster_futures.streams import channels, events
from venues.core.http.with_aiohttp import AiohttpTransport
from venues.core.http.with_urllib3 import Urllib3Transport
from venues.errors import ConnectionFailed, InvalidRequest, VenueError
from venues.mock import Mock
from venues.retry import NEVER

__all__ = ["certificate"]

PASSWORD = "p:w/d"
ANSWER = b'{"serverTime":1700000000000}'
MAKERS: dict[str, Callable[[], Any]] = dict(
    zip(NAMES, [lambda: None, lambda: None, fast, fast_async], strict=True)  # None: the client's own
)
KINDS = pytest.mark.parametrize("kind", NAMES)


def address_of(server: WildServer) -> str:
    """Return host and port."""
    return server.url.partition("//")[2]


def ask(kind: str, url: str, **options: Any) -> int:
    """Ask for the time over one of the transports."""
    given: dict[str, Any] = {
        "base_url": url,
        "transport": MAKERS[kind](),
        "retry": NEVER,
        "timeout": PATIENCE,
        **options,
    }
    if kind in ("urllib3", "fast"):
        with AsterFutures(**given) as client:
            return client.call(operations.MARKET_GET_SERVER_TIME).data.server_time

    async def ask_awaited() -> int:
        async with AsyncAsterFutures(**given) as client:
            return (await client.call(operations.MARKET_GET_SERVER_TIME)).data.server_time

    return asyncio.run(ask_awaited())


@pytest.fixture
def encrypted(certificate: Path) -> Iterator[WildServer]:
    """Yield a server whose certificate no system trusts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with WildServer(wild.answers_with(b"", ANSWER), context) as server:
        yield server


@KINDS
def test_call_goes_through_the_proxy_and_trusts_the_file(kind: str, encrypted: WildServer, certificate: Path) -> None:
    """The proxy gets a wish for a tunnel and the password; the exchange gets the request, and no word for the proxy."""
    with WildServer(wild.tunnels()) as proxy:
        found = ask(kind, encrypted.url, proxy=f"http://me:p%3Aw%2Fd@{address_of(proxy)}", ca_file=certificate)
    assert 1_700_000_000_000 == found
    assert encrypted.url.encode().removeprefix(b"https://") == proxy.requests[0].split()[1]
    assert base64.b64encode(f"me:{PASSWORD}".encode()) in proxy.requests[0]
    assert b"Proxy" not in encrypted.requests[0]


@KINDS
def test_certificate_that_nobody_named_is_not_trusted(kind: str, encrypted: WildServer) -> None:
    """Without `ca_file` the same server is a connection that failed, and gets nothing."""
    with pytest.raises(ConnectionFailed):
        ask(kind, encrypted.url)
    assert not encrypted.requests


@pytest.mark.parametrize("kind", ["urllib3", "aiohttp"])
def test_context_of_the_caller_decides_whom_to_trust(kind: str, encrypted: WildServer, certificate: Path) -> None:
    """An `ssl.SSLContext` takes the place of a file."""
    assert 1_700_000_000_000 == ask(kind, encrypted.url, ssl_context=ssl.create_default_context(cafile=certificate))


@KINDS
@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n", b"HTTP/1.1 502 No\r\n\r\n"]
)
def test_proxy_that_refuses_proves_that_nothing_was_sent(kind: str, encrypted: WildServer, answer: bytes) -> None:
    """Without a tunnel the call was not sent, and no frame of the error holds the password."""
    with WildServer(wild.tunnels(answer)) as proxy, pytest.raises(ConnectionFailed) as caught:
        ask(kind, encrypted.url, proxy=f"http://me:{PASSWORD.replace('/', '%2F')}@{address_of(proxy)}")
    lines = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    ours = [text for frame in lines.stack if "/venues/" in frame.filename for text in (frame.locals or {}).values()]
    assert not [text for text in ours if "p:w" in text]
    assert not encrypted.requests


@KINDS
def test_proxy_of_the_environment_is_not_used(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that another program has set does not decide who sees the calls."""
    with WildServer(wild.answers_with(b"", ANSWER)) as server, WildServer(wild.tunnels()) as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://{address_of(proxy)}")
            monkeypatch.setenv(name.lower(), f"http://{address_of(proxy)}")
        assert 1_700_000_000_000 == ask(kind, server.url)
    assert not proxy.requests


@KINDS
def test_call_comes_from_the_address_and_by_the_name_that_were_given(kind: str) -> None:
    """`local_address` and `user_agent` are what the exchange sees."""
    with WildServer(wild.answers_with(b"", ANSWER)) as server:
        ask(kind, server.url, local_address="127.0.0.9", user_agent="my-bot/1.0")
        assert "127.0.0.9" == server.peers[0]
    assert b"my-bot/1.0" in server.requests[0]


def test_streams_go_the_same_way() -> None:
    """A stream's connection passes through the proxy, from the given address and by the given name."""
    with Mock("aster_futures", remembers=False) as mock, WildServer(wild.tunnels()) as proxy:
        client = AsterFutures(
            base_url=mock.url, proxy=f"http://{address_of(proxy)}", local_address="127.0.0.9", user_agent="my-bot/1.0"
        )
        with client, client.streams() as streams, streams.subscribe(channels.MarkPrice(symbol="BTCUSDT")) as pushes:
            assert isinstance(next(iter(pushes)), events.MarkPriceEvent)
    assert {"127.0.0.9"} == set(proxy.peers)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"proxy": "socks5://h:1"}, "proxy must look like"),
    ({"proxy": f"https://me:{PASSWORD}@h:1"}, "proxy must look like"),
    ({"proxy": "http://h:notaport"}, "proxy must look like"),
    ({"proxy": "h:1"}, "proxy must look like"),
    ({"ca_file": "no such file"}, "No such file"),
    ({"ca_file": __file__}, "holds no certificate"),
    ({"ca_file": 1}, "pass the path of a PEM file"),
    ({"ssl_context": "strict"}, r"pass an ssl\.SSLContext"),
    ({"ca_file": __file__, "ssl_context": ssl.create_default_context()}, "not both"),
    ({"local_address": "localhost"}, "pass an IP address"),
    ({"user_agent": "a\r\nb"}, "printable ASCII"),
]


@pytest.mark.parametrize(
    ("options", "message"), WRONG, ids=[next(iter(options)) + str(i) for i, (options, _) in enumerate(WRONG)]
)
@pytest.mark.parametrize("client", [AsterFutures, AsyncAsterFutures])
def test_option_of_no_use_is_refused_where_the_client_is_made(
    client: Any, options: dict[str, Any], message: str
) -> None:
    """A wrong option is found before the first call, in a sentence without a password."""
    with pytest.raises(InvalidRequest, match=message) as caught:
        client(**options)
    assert PASSWORD not in str(caught.value)


class OwnTransport:
    """A transport of the user's own."""

    def send(self, request: object, timeout: float) -> Any: ...

    def close(self) -> None: ...


def test_transport_of_ones_own_is_not_told_silently() -> None:
    """A transport that makes its own connections would not use the proxy, so the client says so."""
    with pytest.raises(InvalidRequest, match="give proxy"):
        AsterFutures(proxy="http://h:1", transport=OwnTransport())


@pytest.mark.parametrize("make", [Urllib3Transport, AiohttpTransport])
def test_shared_transport_keeps_its_way(make: Callable[[], Any]) -> None:
    """A transport that two clients share can't go two ways."""
    client: Any = AsterFutures if make is Urllib3Transport else AsyncAsterFutures
    transport = make()
    client(proxy="http://h:1", transport=transport)
    client(proxy="http://h:1", transport=transport)
    with pytest.raises(InvalidRequest, match="in another way"):
        client(proxy="http://h:2", transport=transport)


def test_fast_says_that_it_takes_no_context() -> None:
    """The TLS of `fast` is not Python's; that is said, not ignored."""
    with pytest.raises(VenueError, match="pass ca_file"):
        ask("fast", "https://localhost:1", ssl_context=ssl.create_default_context())
