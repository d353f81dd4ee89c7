"""The server's side of one connection: usual requests are answered at once, all others by aiohttp, and both alike."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.apis import APIS
from tests.support.waiting import PATIENCE
from tests.test_mock_server import public
from venues.mock import Fault, Mock
from venues.mock.answer.sent import Answer
from venues.mock.front import Front, usual_head

NOW = 1_795_132_800_000
PATH = public(APIS[0])
USUAL = f"GET {PATH} HTTP/1.1\r\nHost: here\r\n\r\n".encode()
POST = f"POST {PATH} HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\n\r\n".encode()
"""Nothing is there, but its body must be read before the next request."""


@contextmanager
def connected(mock: Mock) -> Iterator[socket.socket]:
    host, port = mock.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), PATIENCE) as connection:
        yield connection


def started() -> Mock:
    return Mock(APIS[0].name, clock=lambda: NOW, remembers=False)


def answers(connection: socket.socket, count: int) -> list[bytes]:
    """Read so many answers whole."""
    data = b""
    found: list[bytes] = []
    while len(found) < count:
        head, end, body = data.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]) if end else 0
        if not end or len(body) < length:
            more = connection.recv(1 << 16)
            assert more, "closed"
            data += more
        else:
            found.append(head + end + body[:length])
            data = body[length:]
    return found


@pytest.mark.parametrize(
    "unusual",
    [
        USUAL.replace(b"Host", b"X.Y: 1\r\nHost"),
        USUAL.replace(b"Host", b"X-Name: \xc3\xa4\r\nHost"),
        USUAL.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"),
    ],
    ids=["name", "value", "chunks"],
)
def test_answers_are_alike(unusual: bytes) -> None:
    """What aiohttp reads, for it is written unusually, is answered with the same bytes, also by who comes after it."""
    assert usual_head(unusual.partition(b"\r\n\r\n")[0]) is None
    with started() as mock, connected(mock) as connection:
        connection.sendall(USUAL + unusual + USUAL)
        first, *others = answers(connection, 3)
    assert [first, first] == others


def test_requests_are_read_wherever_they_are_cut() -> None:
    """Requests that follow one another are answered in order, wherever the network cuts them."""
    sent = POST + b"{ab}\n" + USUAL
    with started() as mock, connected(mock) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(sent)
        whole = answers(connection, 2)
        assert whole[0] != whole[1]
        for cut in range(1, len(sent)):
            with connected(mock) as other:
                other.sendall(sent[:cut])
                mock.count()  # a turn of the lock: most often the first part has been read by then
                other.sendall(sent[cut:])
                assert whole == answers(other, 2)


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.0\r\nHost: a",
        b"GET / HTTP/1.1",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b",
        b"GET / HTTP/1.1\r\nHost: a\r\n folded",
        b"GET / HTTP/1.1\r\nHost: a\r\nX : 1",
        b"GET / HTTP/1.1\r\nHost: a\nX: 1",
        b"GET /#x HTTP/1.1\r\nHost: a",
        b"GET / x HTTP/1.1\r\nHost: a",
        b"HEAD / HTTP/1.1\r\nHost: a",
        b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close",
        b"GET / HTTP/1.1\r\nHost: a\r\nconnection: Upgrade\r\nUpgrade: websocket",
        b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip",
    ],
)
def test_what_asks_for_more_is_no_usual_head(head: bytes) -> None:
    """A head that asks for more than an answer, or that might be understood in two ways, is left to aiohttp."""
    assert usual_head(head) is None


def test_a_faulty_answer_is_carried_out_once() -> None:
    """A call whose answer is spoiled, late or lost is carried out once, and the next one is answered as usual."""
    with started() as mock, connected(mock) as connection:
        mock.fault("*", Fault.SLOW)
        connection.sendall(USUAL + USUAL)
        late, usual = answers(connection, 2)
        assert (late, 2) == (usual, len(mock.requests))


class Line(asyncio.Transport):
    """A connection whose caller reads nothing: the second answer is one too many."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.protocol: asyncio.BaseProtocol = asyncio.Protocol()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written.append(bytes(data))
        if len(self.written) == 2:
            self.protocol.pause_writing()

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self.protocol = protocol


class Other(asyncio.Protocol):
    """Notes what it is left."""

    def __init__(self) -> None:
        self.said: list[object] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.said.append("made")

    def pause_writing(self) -> None:
        self.said.append("full")

    def data_received(self, data: bytes) -> None:
        self.said.append(data)


def test_a_caller_that_reads_nothing_is_waited_for() -> None:
    """Whoever sends without reading is left to aiohttp, which waits until answers are taken."""
    line, other = Line(), Other()
    front = Front(lambda received: Answer(b"{}", headers={"Date": ""}), lambda *late: None, lambda: other)
    line.protocol = front
    front.connection_made(line)
    front.data_received(3 * USUAL)
    assert "Other" == type(line.protocol).__name__
    assert (2, ["made", "full", USUAL]) == (len(line.written), other.said)


def test_who_is_idle_is_let_go() -> None:
    """When it stops, connections on which nothing is going on are closed."""
    mock = started().start()
    with connected(mock) as connection:
        connection.sendall(USUAL)
        answers(connection, 1)
        mock.stop()
        assert connection.recv(1) == b""
