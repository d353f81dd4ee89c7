"""Sends one request for a page, to an address that was checked before, and waits only so long."""

from __future__ import annotations

import time
from threading import Event
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from generator.drift.fetching.reach import time_limit
from generator.drift.pages.blocks import Unreadable
from generator.drift.pages.document import MAX_BYTES

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, HTTPConnectionPool


AGENT = "venues-drift/1 (reads API documentation; once a day at most)"
SECONDS = 30  # for a whole page, however slowly it arrives
WHY = {
    "SSLError": "the certificate of the server has another name, or nobody vouches for it",
    "NewConnectionError": "no connection to the server",
    "ProtocolError": "what the server sent is no HTTP, or ends too early",
    "DecodeError": "the page is not compressed as the server says",
}
"""What errors of the library mean."""


def get(url: str, address: str, etag: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of an answer.

    Raises:
        Unreadable: if there is none in time, or too much of it.
    """
    parts = urlsplit(url)
    headers = {
        "User-Agent": AGENT,
        "Accept": "text/html, text/markdown, text/plain, application/json, application/yaml",
        "Host": parts.netloc,
    }
    # A page that has not changed costs the server nothing.
    headers |= {"If-None-Match": etag} if etag else {}
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with _pool(parts, address) as pool, time_limit(pool, SECONDS) as passed:
        status, answered, body = _answer_of(pool, path, headers, url, passed)
    if len(body) > MAX_BYTES:
        raise Unreadable(f"{url}: more than {MAX_BYTES} bytes")
    return status, answered, body


def _answer_of(
    pool: HTTPConnectionPool, path: str, headers: dict[str, str], url: str, passed: Event
) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of an answer; `passed` says that the time for it is up."""
    import urllib3

    try:
        answer = pool.urlopen("GET", path, headers=headers, preload_content=False, redirect=False, retries=False)
        body = _body(answer, url)
        answer.close()
    except urllib3.exceptions.HTTPError as error:
        name = type(error).__name__
        # The library counts the same seconds, and may be the first to notice that they are over.
        # It counts "no connection to the server" among time-outs, too.
        if passed.is_set() or (name not in WHY and isinstance(error, urllib3.exceptions.TimeoutError)):
            raise _late(url) from None
        why = WHY.get(name, "the answer could not be read")
        raise Unreadable(f"{url}: {why} ({name}); nothing was read") from None
    if passed.is_set():
        raise _late(url)
    return answer.status, {key.lower(): value for key, value in answer.headers.items()}, body


def parts_of(url: str) -> SplitResult:
    """Return the parts of an address.

    Raises:
        Unreadable: if it is none.
    """
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  # checked when it is read
        url.encode()  # arguments of a command line may hold half a character
    except ValueError as error:
        raise Unreadable(f"{url}: not an address: {error}") from None
    return parts


def _body(answer: BaseHTTPResponse, url: str) -> bytes:
    """Read a page piece by piece, so that one that never ends is given up."""
    body, until = bytearray(), time.monotonic() + SECONDS
    while len(body) <= MAX_BYTES and (piece := answer.read1(1 << 16, decode_content=True)):
        body += piece
        if time.monotonic() > until:
            raise _late(url)
    return bytes(body)


def _late(url: str) -> Unreadable:
    return Unreadable(f"{url}: not read within {SECONDS} seconds; nothing was read")


def _pool(parts: SplitResult, address: str) -> HTTPConnectionPool:
    """Return a connection to a checked address, with the name of its host."""
    import urllib3

    timeout = urllib3.Timeout(total=SECONDS)
    if parts.scheme == "http":
        return urllib3.HTTPConnectionPool(address, parts.port or 80, timeout=timeout)
    host = str(parts.hostname)
    return urllib3.HTTPSConnectionPool(
        # The connection goes to the address, so the certificate is checked against the host's name explicitly.
        address,
        parts.port or 443,
        timeout=timeout,
        server_hostname=host,
        assert_hostname=host,
    )
