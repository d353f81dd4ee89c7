"""One suite for all transports: for each failure, whether the request can have been sent."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support import wild_server as wild
from tests.support.waiting import PATIENCE
from tests.support.wild_server import WildServer
from venues.core.http.transport import AsyncTransport, Transport
from venues.core.http.with_aiohttp import AiohttpTransport
from venues.core.http.with_urllib3 import Urllib3Transport
from venues.core.request.operation import Reply, Request
from venues.errors import ConnectionFailed, ConnectionLost, InvalidRequest, RequestTimeout, TransportError

IMPATIENCE = (0.1, 1.0, 10.0)
"""Seconds that a test waits for what never comes: more, where this machine was too busy to send in so short a time."""


class Driver:
    """Drives either kind of transport from a test that waits."""

    def __init__(self, transport: Transport | AsyncTransport) -> None:
        self._transport = transport
        self._runner = asyncio.Runner()

    def send(self, method: str, url: str, body: bytes = b"", timeout: float = PATIENCE) -> Reply:
        request = Request(method, url, {"User-Agent": "venues"}, body)
        sent = self._transport.send(request, timeout)
        return sent if isinstance(sent, Reply) else self._runner.run(sent)

    def rest(self, server: WildServer) -> None:
        """Let the client take in what has arrived unasked: urllib3 looks when it sends, a loop does in its next turns.

        The threads of `fast` do when they get their turn, which on a busy machine is any time; they hang up then.
        """
        for _ in range(3):
            self._runner.run(asyncio.sleep(0))
        if is_fast(self._transport):
            server.wait_until_idle()

    def close(self) -> None:
        closing = self._transport.close()
        if closing is not None:
            self._runner.run(closing)
        self._runner.close()


def fast() -> Transport:
    pytest.importorskip("pyreqwest", reason="the extra `fast` is not installed")
    from venues.fast import FastTransport

    return FastTransport()


def fast_async() -> AsyncTransport:
    pytest.importorskip("pyreqwest", reason="the extra `fast` is not installed")
    from venues.fast import AsyncFastTransport

    return AsyncFastTransport()


def is_fast(transport: object) -> bool:
    """Whether a transport is one of the extra `fast`, which need not be installed."""
    return type(transport).__module__ == "venues.core.http.with_pyreqwest"


MAKERS: list[Callable[[], Transport | AsyncTransport]] = [Urllib3Transport, AiohttpTransport, fast, fast_async]
NAMES = ["urllib3", "aiohttp", "fast", "fast_async"]


@pytest.fixture(params=MAKERS, ids=NAMES)
def driver(request: pytest.FixtureRequest) -> Iterator[Driver]:
    driver = Driver(request.param())
    yield driver
    driver.close()


@pytest.fixture(scope="module")
def expired(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a certificate of yesterday, and its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    end = datetime.now(UTC) - timedelta(days=1)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(end - timedelta(days=9)).not_valid_after(end)
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=True)
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    path = tmp_path_factory.mktemp("tls") / "expired.pem"
    path.write_bytes(
        made.sign(key, hashes.SHA256()).public_bytes(pem)
        + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    )
    return path


METHODS = pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
AFTER_SENDING: list[tuple[wild.Behaviour, type[TransportError]]] = [
    (wild.closes, ConnectionLost),
    (wild.resets, ConnectionLost),
    (wild.silent, RequestTimeout),
    (wild.cuts, ConnectionLost),
    (wild.stalls, RequestTimeout),
    (wild.babbles, ConnectionLost),
]


def test_refused_connection_proves_that_nothing_was_sent(driver: Driver) -> None:
    """A closed port is a connection that failed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ConnectionFailed):
        driver.send("POST", f"http://127.0.0.1:{port}/order", b"{}")


def test_unknown_host_proves_that_nothing_was_sent(driver: Driver) -> None:
    """A name that does not resolve is a connection that failed."""
    with pytest.raises(ConnectionFailed):
        driver.send("POST", "http://no-such-host.invalid/order", b"{}")


@METHODS
@pytest.mark.parametrize(("behaviour", "expected"), AFTER_SENDING, ids=lambda value: getattr(value, "__name__", ""))
def test_failure_after_sending_is_never_called_unsent(
    driver: Driver, method: str, behaviour: wild.Behaviour, expected: type[TransportError]
) -> None:
    """Once the exchange has the request, a failure leaves it open what became of it, and it was sent once."""
    body = b"{}" if method != "GET" else b""
    for timeout in IMPATIENCE if expected is RequestTimeout else [PATIENCE]:
        with WildServer(behaviour) as server:
            with pytest.raises(TransportError) as caught:
                driver.send(method, f"{server.url}/order", body, timeout)
            if server.has_request(timeout):
                break
    assert (1, True) == (len(server.requests), isinstance(caught.value, expected))


@METHODS
def test_kept_connection_that_breaks_is_not_tried_again(driver: Driver, method: str) -> None:
    """A request on a kept connection that is closed in its face is not sent a second time by the transport."""
    with WildServer(wild.answers_once) as server:
        driver.send(method, f"{server.url}/first")
        with pytest.raises(ConnectionLost):
            driver.send(method, f"{server.url}/second")
        assert [b"/first", b"/second"] == [request.split()[1] for request in server.requests]


def test_handshake_that_fails_proves_that_nothing_was_sent(driver: Driver, expired: Path) -> None:
    """Where no encrypted connection comes about, an order was not sent: hung up, no TLS there, an expired certificate."""
    for behaviour in (wild.hangs_up, wild.blurts, wild.shows(expired)):
        with WildServer(behaviour) as server:
            address = server.url.replace("http://127.0.0.1", "https://localhost")
            with pytest.raises(ConnectionFailed):
                driver.send("POST", f"{address}/order", b"{}")
            assert b"" == b"".join(server.requests)


def test_kept_connection_that_was_closed_shows_no_address(driver: Driver) -> None:
    """What is said of a connection that the exchange has left does not repeat the address, which may hold a signature."""
    told = threading.Event()
    with WildServer(wild.leaves(told)) as server:
        driver.send("POST", f"{server.url}/first", b"{}")
        told.set()
        server.wait_until_idle()
        said = ""
        try:
            driver.send("POST", f"{server.url}/second?sign=s3cr3t", b"{}")
        except ConnectionLost as error:
            said = f"{error!r} {error.__cause__!r} {error.__context__!r}"
        assert "/second" not in said


@pytest.mark.parametrize("maker", [fast, fast_async])
def test_transport_that_does_not_survive_a_fork_says_so(maker: Callable[[], Transport | AsyncTransport]) -> None:
    """A process that was forked off sends nothing by `fast`, where it would wait for ever."""
    transport: Any = maker()
    driver = Driver(transport)
    with WildServer(wild.answers) as server:
        driver.send("GET", f"{server.url}/a")
        transport._process -= 1  # as after a fork
        with pytest.raises(InvalidRequest, match="forked"):
            driver.send("GET", f"{server.url}/a")
        assert 1 == len(server.requests)
    driver.close()


def test_answer_that_nobody_asked_for_is_not_taken_for_another(driver: Driver) -> None:
    """What an exchange says between two requests is no answer to the second: that is not sent, or sent elsewhere."""
    told, added = threading.Event(), threading.Event()
    with WildServer(wild.adds(told, added)) as server:
        assert b"/first" == driver.send("POST", f"{server.url}/first", b"{}").body
        told.set()
        added.wait()
        driver.rest(server)
        try:
            assert b"/second" == driver.send("POST", f"{server.url}/second", b"{}").body
        except ConnectionFailed:
            assert 1 == len(server.requests)
        assert b"/third" == driver.send("POST", f"{server.url}/third", b"{}").body


def test_redirects_and_cookies_are_left_alone(driver: Driver) -> None:
    """A redirect is an answer like any other, and cookies are not sent back."""
    with WildServer(wild.redirects) as server:
        assert 307 == driver.send("GET", f"{server.url}/a").status
        driver.send("GET", f"{server.url}/b")
        assert [b"/a", b"/b"] == [request.split()[1] for request in server.requests]
        assert b"cookie" not in server.requests[1].lower()


def test_bytes_arrive_as_they_were_signed(driver: Driver) -> None:
    """Path, query and body reach the exchange byte for byte."""
    target = "/v1/a?sign=ZLDEpF7hj%2BzW8%2F%3D&list=%5B%22a%22%2C%22b%22%5D&x=a~b.c_d-e&empty="
    body = '{"note":"Ж+/ &%"}'.encode()
    with WildServer(wild.answers) as server:
        driver.send("POST", server.url + target, body)
        request = server.requests[0]
        assert target.encode() == request.split()[1]
        assert body == request.partition(b"\r\n\r\n")[2]


def test_no_transport_says_what_a_body_is(driver: Driver) -> None:
    """A body goes out under the type that the client gives it, or under none."""
    with WildServer(wild.answers) as server:
        driver.send("POST", f"{server.url}/order", b"a=1")
        assert b"content-type" not in server.requests[0].lower()


def test_connections_are_reused(driver: Driver) -> None:
    """Ten calls in a row need one connection."""
    with WildServer(wild.answers) as server:
        for _ in range(10):
            assert b"{}" == driver.send("GET", f"{server.url}/a").body
        assert 1 == len(server.connections)


def test_a_request_leaves_in_one_piece(driver: Driver) -> None:
    """Head and body travel together: an order is one packet, not two."""
    with WildServer(wild.answers) as server:
        for _ in range(50):
            driver.send("POST", f"{server.url}/order", b'{"side":"buy"}')
        assert 50 == server.pieces


@pytest.mark.parametrize("maker", MAKERS, ids=NAMES)
def test_no_proxy_gets_to_see_a_request(
    maker: Callable[[], Transport | AsyncTransport], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the environment says of proxies is for browsers: keys go to the exchange and to nobody else."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
        monkeypatch.setenv(name.lower(), "http://127.0.0.1:9")
    driver = Driver(maker())
    with WildServer(wild.answers) as server:
        assert b"{}" == driver.send("GET", f"{server.url}/a").body
    driver.close()
