# Edited in templates/venues/core/http/head.py; the copy in generated/ is imported.
"""Writes a request as it travels: the library writes each header by calls of its own, a fifth of all that a call executes."""

from __future__ import annotations

import re
from functools import lru_cache

import urllib3

from venues.core.request.messages import Request

CODINGS = "gzip, deflate"
"""How answers may be packed: what Python unpacks by itself."""
AGENT = f"python-urllib3/{urllib3.__version__}"  # type: ignore[attr-defined]  # it is there, and not listed
"""What the library calls itself, where the request does not."""
WITH_BODY = ("POST", "PUT", "PATCH")
"""Methods of which servers expect a body, and else want to hear that there is none."""
_is_target = re.compile(r"[A-Za-z]+ /[!-~]*").fullmatch
_is_name = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+").fullmatch


def write_request(request: Request, host: str) -> bytes:
    """Return a request as it travels, head and body in one piece.

    Args:
        request: Its method, address, headers and body.
        host: The server's name, with its port if that is an unusual one.

    Raises:
        ValueError: if something in it can't be written, or would end a line or the head.
    """
    headers, body = request.headers, request.body
    # No part of the address stands in a variable, for tracebacks show those.
    if not _is_target(f"{request.method} {request.url[path_at(request) :]}"):
        raise ValueError("the address can't be written")
    lines = [
        f"{request.method} {request.url[path_at(request) :]} HTTP/1.1",
        *_own_lines(host, "" if body else request.method, tuple(headers)),
        *map(": ".join, headers.items()),
        "",
        "",
    ]
    if body:
        lines.insert(1, f"Content-Length: {len(body)}")
    head = "\r\n".join(lines)
    # A line break in a header would end it and begin another one.
    if not head.count("\r") == head.count("\n") == len(lines) - 1:
        raise ValueError("a header holds a line break")
    return head.encode("latin-1") + body


@lru_cache(maxsize=256)  # the headers of an API's requests have few sets of names
def _own_lines(host: str, empty: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the headers that are not the request's.

    Args:
        host: As above.
        empty: The method of a request without a body.
        names: The request's own headers.
    """
    given = {name.lower() for name in names}
    if not all(map(_is_name, names)) or not given.isdisjoint(("content-length", "transfer-encoding")):
        raise ValueError("a header can't be written")
    ours = {"Host": host, "Accept-Encoding": CODINGS, "User-Agent": AGENT}
    if empty in WITH_BODY:
        ours["Content-Length"] = "0"
    return tuple(f"{name}: {text}" for name, text in ours.items() if name.lower() not in given)


def path_at(request: Request) -> int:
    """Tell where the path begins; no part of it may stand in a variable, for tracebacks show those."""
    return request.url.index("/", len("https://"))
