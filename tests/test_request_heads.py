"""Requests as sync clients write them, held against what the library itself writes."""

from __future__ import annotations

from typing import Any

import pytest
from urllib3.connection import HTTPConnection

from venues.core.http.head import write_request
from venues.core.http.line import AGENT, CODINGS, Line, SafeLine
from venues.core.request.messages import Request
from venues.errors import InvalidRequest

BASE = "http://localhost:8000"
OWN = (("Host", "localhost:8000"), ("Accept-Encoding", CODINGS), ("User-Agent", AGENT))
ASKED = {"X-KEY": "a b", "Content-Type": "application/json"}


class Captured(HTTPConnection):
    """The library's own connection, which keeps what it would send."""

    def __init__(self) -> None:
        super().__init__("localhost", 8000)
        self.written = b""

    def send(self, data: Any) -> None:  # Any: as in the library
        self.written += data


def lines(written: bytes) -> tuple[str, list[str], bytes]:
    """Return the first line, the headers in any order, and the body."""
    head, _, body = written.partition(b"\r\n\r\n")
    first, *headers = head.decode("latin-1").split("\r\n")
    return first, sorted(headers), body


@pytest.mark.parametrize(
    ("method", "target", "headers", "body"),
    [
        ("GET", "/v1/time", {}, b""),
        ("GET", "/v1/order?a=1&b=%20", ASKED, b""),
        ("DELETE", "/v1/order?a=1", ASKED, b""),
        ("POST", "/v1/order?a=1", ASKED, b""),
        ("POST", "/v1/order", ASKED, '{"é":1}'.encode()),
        ("PUT", "/v1/key", {"User-Agent": "mine", "accept-encoding": "identity", "X-LATIN": "é"}, b"a=1"),
        ("PATCH", "/v1/key", {"host": "other"}, b""),
    ],
)
def test_request_is_what_the_library_writes(method: str, target: str, headers: dict[str, str], body: bytes) -> None:
    """Line for line it says what the library says, but how answers may be packed."""
    library = Captured()
    named = {name.lower() for name in headers}
    packed = {} if "accept-encoding" in named else {"Accept-Encoding": "gzip, deflate"}
    library.request(method, target, body or None, {**packed, **headers})
    written = write_request(Request(method, f"{BASE}{target}", headers, body), OWN)
    assert lines(library.written) == lines(written)


@pytest.mark.parametrize(
    ("method", "target", "headers"),
    [
        ("GET", "/a b", {}),
        ("GET", "/a\r\nX: y", {}),
        ("GET", "/é", {}),
        ("GET /x HTTP/1.1\r\n", "/", {}),
        ("GET", "/", {"X": "a\r\nY: b"}),
        ("GET", "/", {"X": "a\nb", "Z": "\r"}),
        ("GET", "/", {"X": "a\0b"}),
        ("GET", "/", {"X": "€"}),
        ("GET", "/", {"X: a\r\nY": "b"}),
        ("GET", "/", {"X Y": "b"}),
        ("GET", "/", {"": "b"}),
        ("POST", "/", {"Content-Length": "5"}),
        ("POST", "/", {"transfer-encoding": "chunked"}),
    ],
)
def test_what_would_end_a_line_is_refused(method: str, target: str, headers: dict[str, str]) -> None:
    """Nothing in a request makes two lines of one, or a length of its own."""
    with pytest.raises(InvalidRequest, match="nothing was sent"):
        write_request(Request(method, f"{BASE}{target}", headers, b""), OWN)


@pytest.mark.parametrize(
    ("line", "host"),
    [
        (Line("localhost", 80), "localhost"),
        (Line("localhost", 443), "localhost:443"),
        (SafeLine("api.example.com", 443), "api.example.com"),
        (SafeLine("::1", 8443), "[::1]:8443"),
    ],
)
def test_server_is_named_with_an_unusual_port(line: Line, host: str) -> None:
    """The header Host has the port only where the scheme does not say it."""
    assert f"Host: {host}" in lines(line.write(Request("GET", f"{BASE}/", {}, b"")))[1]
