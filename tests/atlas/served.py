"""Sends cases to mock exchanges over a socket, right and with one byte changed: JSON lines in, JSON lines out.

A process of its own, which imports the generated clients.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import Any

import urllib3

from tests.atlas.ours import client_of, prepare
from venues.core.request.messages import Request
from venues.mock import Mock

DIGITS = "01"
"""One of them takes the place of a character: both are valid in hex and in base64."""


def verdicts(case: dict[str, Any], mock: Mock, pool: urllib3.PoolManager) -> dict[str, str]:
    """Return what the mock exchange thinks of a request as it is sent, and altered: what was altered → verdict."""

    def verdict(request: Request) -> str:
        pool.request(request.method, request.url, body=request.body, headers=request.headers, retries=False)
        return str(mock.requests[-1].verdict)

    client = client_of(case["api"], mock.credentials, base_url=mock.url)
    found = {"nothing": verdict(prepare(client, case))}
    altered = alterations(prepare(client, case), case) if case["alters"] else ()
    return found | {place: verdict(request) for place, request in altered}


def alterations(request: Request, case: dict[str, Any]) -> Iterator[tuple[str, Request]]:
    """Yield a request with one byte changed, for each place that the exchange verifies."""
    for name, value in request.headers.items():
        if name in request.hidden:
            yield name, replace(request, headers={**request.headers, name: altered(value, 0)})
    address, mark, query = request.url.partition("?")
    for what, at in places(query, case, request, "query"):
        yield what, replace(request, url=address + mark + altered(query, at))
    body = request.body.decode()
    for what, at in places(body, case, request, "body"):
        yield what, replace(request, body=altered(body, at).encode())


def places(text: str, case: dict[str, Any], request: Request, part: str) -> Iterator[tuple[str, int]]:
    """Yield where a query or a body is altered: in keys and signatures, and in an argument if it is signed."""
    for name in request.hidden:
        if found := re.search(rf'(?:^|[&,{{"]){re.escape(name)}(?:=|":")(?=[A-Za-z0-9])', text):
            yield f"{name} in the {part}", found.end()
    if part in case["signed"] and any(map(str.isalnum, text)):
        last = max(index for index, letter in enumerate(text) if letter.isalnum())
        # In base64 the argument is not found, and its first letter will do; the last one may hold no bit of the text.
        yield part, max(text.find(case["text"]), 0) if case["text"] else last


def altered(text: str, start: int) -> str:
    """Change the first letter or digit of a text from a place on."""
    at = next(index for index in range(start, len(text)) if text[index].isalnum())
    return text[:at] + DIGITS[text[at] == DIGITS[0]] + text[at + 1 :]


def answer(case: dict[str, Any], mock: Mock, pool: urllib3.PoolManager) -> dict[str, str]:
    """Return the verdicts, or what failed."""
    try:
        return verdicts(case, mock, pool)
    except Exception as error:
        return {"failed": f"{type(error).__name__}: {error}"}


def main() -> None:
    """Answer every line; the first one has the credentials, and cases of one exchange follow each other."""
    credentials = json.loads(sys.stdin.readline())
    cases = map(json.loads, sys.stdin)
    with urllib3.PoolManager() as pool:
        for api, group in groupby(cases, key=itemgetter("api")):
            with Mock(api, credentials=credentials[api], remembers=False) as mock:
                mock.any_symbol = True
                for case in group:
                    print(json.dumps(answer(case, mock, pool)))


if __name__ == "__main__":
    main()
