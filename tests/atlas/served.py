"""Sends cases to mock exchanges over a socket, right and with one byte changed: JSON lines in, JSON lines out.

A process of its own, which imports the generated clients.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import Any

import urllib3

from tests.atlas.ours import client_of, prepare
from venues.core.request.operation import Request
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
            yield name, replace(request, headers={**request.headers, name: altered(value, value)})
    address, mark, query = request.url.partition("?")
    if query and "query" in case["signed"]:
        yield "query", replace(request, url=address + mark + altered(query, case["text"]))
    if request.body and "body" in case["signed"]:
        yield "body", replace(request, body=altered(request.body.decode(), case["text"]).encode())


def altered(text: str, part: str) -> str:
    """Change one letter or digit of a text, within a part of it if it has that."""
    start = max(text.find(part), 0)
    at = next((index for index in range(start, len(text)) if text[index].isalnum()), start)
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
            with Mock(api, credentials=credentials[api]) as mock:
                mock.any_symbol = True
                for case in group:
                    print(json.dumps(answer(case, mock, pool)))


if __name__ == "__main__":
    main()
