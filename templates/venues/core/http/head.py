# Edited in templates/venues/core/http/head.py; the copy in generated/ is imported.
"""Writes a request as it travels, for urllib3 and aiohttp, which would need several calls for each header."""

from __future__ import annotations

import re
from functools import lru_cache

from venues.core.request.messages import Request
from venues.core.values.interruption import is_of_program
from venues.errors import InvalidRequest

Own = tuple[tuple[str, str], ...]
"""Headers of every request on a connection, such as `Host`, by name."""
WITH_BODY = ("POST", "PUT", "PATCH")
"""Methods of which servers expect a body, and else want to hear that there is none."""
_is_target = re.compile(r"[A-Za-z]+ /[!-~]*").fullmatch
_is_name = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+").fullmatch


def write_request(request: Request, own: Own, *, to_proxy: bool = False) -> bytes:
    """Return a request as it travels, head and body in one piece.

    Args:
        request: Its method, address, headers and body.
        own: What the head holds, too, unless the request has such a header itself.
        to_proxy: Whether it goes to a proxy that must read the whole address.

    Raises:
        InvalidRequest: if something in it can't be written, or would end a line or the head.
    """
    try:
        return _write(request, own, to_proxy=to_proxy)
    except (ValueError, TypeError) as error:
        if is_of_program(error):
            raise
        reason = type(error).__name__
    # Out here, without its cause, which may show the request.
    raise InvalidRequest(f"the request can't be written as HTTP ({reason}); nothing was sent")


def _write(request: Request, own: Own, *, to_proxy: bool) -> bytes:
    headers, body = request.headers, request.body
    # No part of the address stands in a variable, for tracebacks show those.
    if not _is_target(f"{request.method} {request.url[path_at(request) :]}"):
        raise ValueError
    lines = [
        f"{request.method} {request.url[0 if to_proxy else path_at(request) :]} HTTP/1.1",
        *_own_lines(own, "" if body else request.method, tuple(headers)),
        *map(": ".join, headers.items()),
        "",
        "",
    ]
    if body:
        lines.insert(1, f"Content-Length: {len(body)}")
    head = "\r\n".join(lines)
    # A line break in a header would end it and begin another one; servers read a zero byte in different ways.
    if not head.count("\r") == head.count("\n") == len(lines) - 1 or "\0" in head:
        raise ValueError
    return head.encode("latin-1") + body


@lru_cache(maxsize=256)  # the headers of an API's requests have few sets of names
def _own_lines(own: Own, empty: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the headers that are not the request's.

    Args:
        own: As above.
        empty: The method of a request without a body.
        names: The request's own headers.
    """
    given = {name.lower() for name in names}
    if not all(map(_is_name, names)) or not given.isdisjoint(("content-length", "transfer-encoding")):
        raise ValueError
    length = (("Content-Length", "0"),) if empty in WITH_BODY else ()
    return tuple(f"{name}: {text}" for name, text in (*own, *length) if name.lower() not in given)


def path_at(request: Request) -> int:
    """Tell where the path begins; no part of it may stand in a variable, for tracebacks show those."""
    return request.url.index("/", len("https://"))
