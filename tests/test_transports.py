"""One suite for all transports: for each failure, whether the request can have been sent."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support import wild_server as wild
from tests.support.certificates import certificate_file
from tests.support.waiting import PATIENCE
from tests.support.wild_server import WildServer
from venues.core.http.transport import AsyncTransport, Transport
from venues.core.http.with_aiohttp import AiohttpTransport
from venues.core.http.with_urllib3 import Urllib3Transport
from venues.core.request.messages import Reply, Request
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

    def rest(self, left: threading.Event, *, rests: bool) -> None:
        """Let the client take in what has arrived unasked: urllib3 and aiohttp look when they send.

        Args:
            left: Set when the client has hung up. The threads of `fast` do that when they get their turn, which on a busy
                machine is any time.
            rests: Whether an event loop has turns before.
        """
        if is_fast(self._transport):
            assert left.wait(PATIENCE)
        elif rests:
            for _ in range(3):
                self._runner.run(asyncio.sleep(0))

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
    return certificate_file(tmp_path_factory.mktemp("tls") / "expired.pem", datetime.now(UTC) - timedelta(days=1))


Lay = Callable[[wild.Behaviour], WildServer]
"""Makes a server, with TLS or without."""


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a certificate that may be trusted for a day, and its key."""
    return certificate_file(tmp_path_factory.mktemp("tls") / "valid.pem", datetime.now(UTC) + timedelta(days=1))


@pytest.fixture(params=["plain", "tls"])
def lay(
    request: pytest.FixtureRequest, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[wild.Behaviour], WildServer]:
    """Return what makes servers, over TLS or not; their certificate is trusted by all transports."""
    if request.param == "plain":
        return WildServer
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setattr("aiohttp.connector._SSL_CONTEXT_VERIFIED", ssl.create_default_context())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return lambda behaviour: WildServer(behaviour, context)


METHODS = pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
AFTER_SENDING: list[tuple[wild.Behaviour, type[TransportError]]] = [
    (wild.closes, ConnectionLost),
    (wild.resets, ConnectionLost),
    (wild.silent, RequestTimeout),
    (wild.cuts, ConnectionLost),
    (wild.stalls, RequestTimeout),
    (wild.babbles, ConnectionLost),
    (wild.contradicts_its_length, ConnectionLost),
]


def test_refused_connection_proves_that_nothing_was_sent(driver: Driver) -> None:
    """A closed port is a connection that failed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ConnectionFailed):
        driver.send("POST", f"http://127.0.0.1:{port}/order", b"{}")


@pytest.fixture
def full() -> Iterator[int]:
    """Yield a port that answers no knock: its queue is full, as where a firewall drops what comes."""
    with ExitStack() as opened:
        listener = opened.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            knock = opened.enter_context(socket.socket())
            knock.setblocking(False)
            with suppress(BlockingIOError):
                knock.connect(listener.getsockname())
        yield listener.getsockname()[1]


def test_connection_that_does_not_come_about_proves_that_nothing_was_sent(driver: Driver, full: int) -> None:
    """A host that can't be reached in time is a connection that failed, not a lost order."""
    with pytest.raises(ConnectionFailed):
        driver.send("POST", f"http://127.0.0.1:{full}/order", b"{}", IMPATIENCE[1])


@pytest.mark.parametrize("maker", [Urllib3Transport, AiohttpTransport], ids=NAMES[:2])
@pytest.mark.parametrize("first", ["refuses", "is silent"])
def test_next_address_is_tried(
    maker: Callable[[], Transport | AsyncTransport], first: str, full: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a host has two addresses and the first can't be reached, the request goes to the second."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        closed = listener.getsockname()[1]
    with WildServer(wild.answers) as server:
        good = int(server.url.rpartition(":")[2])
        ports = [closed if first == "refuses" else full, good]
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)) for port in ports]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        driver = Driver(maker())
        assert 200 == driver.send("GET", "http://exchange.test/a", timeout=4.0).status
        driver.close()


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


def test_child_never_uses_a_connection_of_its_parent() -> None:
    """Of two threads that call right after a fork, none finds the parent's connection, whoever comes first."""
    began, may_go = threading.Event(), threading.Event()

    class Slow(Urllib3Transport):
        def close(self) -> None:
            began.set()
            may_go.wait(PATIENCE)
            super().close()

    transport = Slow()
    may_go.set()
    with WildServer(wild.answers) as server:
        request = Request("GET", f"{server.url}/a", {"User-Agent": "venues"}, b"")
        transport.send(request, PATIENCE)
        began.clear()
        may_go.clear()
        transport._process -= 1  # as after a fork
        threads = [threading.Thread(target=transport.send, args=[request, PATIENCE]) for _ in range(2)]
        threads[0].start()
        began.wait(PATIENCE)
        threads[1].start()
        threads[1].join(IMPATIENCE[0])  # it waits for the first, or does what it must not
        assert 1 == len(server.requests)
        may_go.set()
        for thread in threads:
            thread.join()
        assert (3, {1}) == (len(server.requests), {server.served[0]})
        transport.close()


OK = wild.OK
STRAYS = {
    "answer": OK,
    "half a head": b"HTTP/1.1 200 OK\r\nContent-Le",
    "one byte": b"\n",
    "two answers": OK * 2,
    "a large answer": b"HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n" + b"x" * 20_000,
}


@pytest.mark.parametrize("rests", [False, True], ids=["at once", "after the loop rested"])
@pytest.mark.parametrize("stray", STRAYS.values(), ids=STRAYS)
def test_what_comes_unasked_is_not_taken_for_an_answer(driver: Driver, lay: Lay, stray: bytes, rests: bool) -> None:
    """What comes between two requests is no answer to the second, also where the event loop had no time to see it."""
    told, added, left = threading.Event(), threading.Event(), threading.Event()
    with lay(wild.strays(stray, told, added, left)) as server:
        assert b"/first" == driver.send("POST", f"{server.url}/first", b"{}").body
        told.set()
        assert added.wait(PATIENCE)
        driver.rest(left, rests=rests)
        assert b"/second" == driver.send("POST", f"{server.url}/second", b"{}").body
        assert b"/third" == driver.send("POST", f"{server.url}/third", b"{}").body
        assert 3 == len(server.requests)


@pytest.mark.parametrize("stray", STRAYS.values(), ids=STRAYS)
def test_what_comes_with_an_answer_is_not_taken_for_the_next(driver: Driver, lay: Lay, stray: bytes) -> None:
    """An answer that comes in one piece with another, or with a part of it, is the last one on its connection."""
    with lay(wild.adds_at_once(stray)) as server:
        for path in (b"/first", b"/second", b"/third"):
            assert path == driver.send("POST", f"{server.url}{path.decode()}", b"{}").body
        assert 3 == len(server.requests)


INTERIM = [b"100 Continue", b"102 Processing", b"103 Early Hints\r\nLink: </a>; rel=preload", b"199 Whatever"]


@pytest.mark.parametrize("heads", [*[(head,) for head in INTERIM], INTERIM], ids=lambda heads: str(heads[-1][:3]))
def test_interim_answer_is_none(driver: Driver, lay: Lay, heads: Sequence[bytes]) -> None:
    """Whatever status of 1xx comes first, each call gets its own final answer."""
    with lay(wild.announces(*heads)) as server:
        for path in (b"/first", b"/second"):
            reply = driver.send("POST", f"{server.url}{path.decode()}", b"{}")
            assert (200, path) == (reply.status, reply.body)


@pytest.mark.parametrize("head", [b"101 Switching", b"101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade"])
def test_change_of_protocols_is_no_answer(driver: Driver, lay: Lay, head: bytes) -> None:
    """After 101, which nobody asked for, the call gets its own answer or says that it lost it; so does the next one."""
    with lay(wild.announces(head)) as server:
        for path in (b"/first", b"/second"):
            try:
                assert path == driver.send("POST", f"{server.url}{path.decode()}", b"{}").body
            except ConnectionLost:
                continue


def test_nothing_is_sent_after_a_change_of_protocols(driver: Driver, lay: Lay) -> None:
    """What follows 101 is the answer to an earlier request, however late it comes, so its connection is not kept."""
    for timeout in IMPATIENCE:
        with lay(wild.changes_and_answers_late) as server:
            ends = [outcome(driver, f"{server.url}{path}", timeout) for path in ("/first", "/second", "/third")]
            if len(server.requests) == len(ends):
                break
    assert set(ends) <= {ConnectionLost, RequestTimeout}


def outcome(driver: Driver, url: str, timeout: float) -> bytes | type[TransportError]:
    """Return what came, or how it failed."""
    try:
        return driver.send("POST", url, b"{}", timeout).body
    except TransportError as failure:
        return type(failure)


@pytest.mark.parametrize("behaviour", [wild.drips(0.02), wild.drips_head(0.02)], ids=["body", "head"])
def test_answer_that_drips_is_cut(driver: Driver, lay: Lay, behaviour: wild.Behaviour) -> None:
    """The time for a call ends although bytes keep coming."""
    for timeout in IMPATIENCE:
        with lay(behaviour) as server:
            with pytest.raises(TransportError) as caught:
                driver.send("POST", f"{server.url}/order", b"{}", timeout)
            if server.has_request(timeout):
                break
    assert (1, RequestTimeout) == (len(server.requests), type(caught.value))


def test_large_head_is_read(driver: Driver, lay: Lay) -> None:
    """A header of 32 KB is no reason to lose an answer."""
    head = b"X-Large: " + b"x" * 32_768 + b"\r\n"
    with lay(wild.answers_with(head, b"{}")) as server:
        assert 32_768 == len(driver.send("GET", f"{server.url}/a").headers["X-Large"])


def test_header_in_another_script_loses_no_answer(driver: Driver) -> None:
    """A proxy that names itself in Latin-1 spoils neither the answer nor the other headers."""
    with WildServer(wild.answers_with(b"Via: caf\xe9\r\nX-Used: 7\r\n", b"{}")) as server:
        reply = driver.send("POST", f"{server.url}/order", b"{}")
        assert (200, b"{}", "7") == (reply.status, reply.body, reply.headers["X-Used"])
        assert "7" in dict(reply.headers.items()).values()


def test_packed_answers_are_asked_for_and_unpacked(driver: Driver) -> None:
    """A list of instruments travels at a tenth of its size."""
    body = b'{"symbol":"BTCUSDT"}' * 10_000
    with WildServer(wild.answers_with(b"Content-Encoding: gzip\r\n", gzip.compress(body))) as server:
        assert body == driver.send("GET", f"{server.url}/a").body
        asked = next(line for line in server.requests[0].lower().split(b"\r\n") if line.startswith(b"accept-encoding"))
        assert b"gzip" in asked


def test_endless_answer_is_cut(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small packed answer that becomes a huge one fills no memory."""
    from venues.core.http import with_aiohttp, with_pyreqwest, with_urllib3

    for module in (with_aiohttp, with_pyreqwest, with_urllib3):
        monkeypatch.setattr(module, "LARGEST", 1_000_000)
    packed = gzip.compress(b"x" * 2_000_000)
    with (
        WildServer(wild.answers_with(b"Content-Encoding: gzip\r\n", packed)) as server,
        pytest.raises(ConnectionLost, match="larger"),
    ):
        driver.send("GET", f"{server.url}/a")


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


@pytest.mark.parametrize("text", ["a\r\nX-Other: b", "a\nb", "a\rb", "a\0b"])
async def test_header_that_would_be_two_is_not_sent(text: str) -> None:
    """Where a head is written here, a control character in it is refused before anything is sent."""
    transport = AiohttpTransport()
    with WildServer(wild.answers) as server:
        for url, headers in ((f"{server.url}/a", {"X-Key": text}), (f"{server.url}/{text}", {"X-Key": "a"})):
            with pytest.raises(InvalidRequest, match="nothing was sent"):
                await transport.send(Request("GET", url, headers, b""), PATIENCE)
        assert [] == server.connections
    await transport.close()


async def test_connection_is_left_on_which_a_request_is_not_sent_whole() -> None:
    """An answer that comes before all of a request was taken is believed, and the rest begins no other request."""
    transport = AiohttpTransport()
    with WildServer(wild.answers_at_the_head) as server:
        for _ in range(2):
            reply = await transport.send(Request("POST", f"{server.url}/a", {}, b"x" * (1 << 25)), PATIENCE)
            assert b"{}" == reply.body
        assert 2 == len(server.connections)
    await transport.close()


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
