"""Sends cases to mock exchanges over a socket, right and with one byte changed: JSON lines in, JSON lines out.

A process of its own, which imports the generated clients.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import urllib3

from tests.atlas.ours import client_of, prepare
from venues.core.request.operation import Request
from venues.mock import Mock

DIGITS = "01"
"""One of them takes the place of a character: both are valid in hex and in base64."""


def verdicts(case: dict[str, Any], credentials: dict[str, str], pool: urllib3.PoolManager) -> dict[str, str]:
    """Return what the mock exchange thinks of a request as it is sent, and altered: what was altered → verdict."""
    with Mock(case["api"], credentials=credentials) as mock:
        mock.any_symbol = True

        def verdict(request: Request) -> str:
            pool.request(request.method, request.url, body=request.body, headers=request.headers, retries=False)
            return str(mock.requests[-1].verdict)

        def prepared() -> Request:
            return prepare(client_of(case["api"], credentials, base_url=mock.url), case)

        found = {"nothing": verdict(prepared())}
        return found | {place: verdict(request) for place, request in alterations(prepared(), case)}


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
    at = next(index for index in range(start, len(text)) if text[index].isalnum())
    return text[:at] + DIGITS[text[at] == DIGITS[0]] + text[at + 1 :]


def main() -> None:
    """Answer every line; the first one has the credentials."""
    credentials = json.loads(sys.stdin.readline())
    with urllib3.PoolManager() as pool:
        for line in sys.stdin:
            case = json.loads(line)
            try:
                answer = verdicts(case, credentials[case["api"]], pool)
            except Exception as error:
                answer = {"failed": f"{type(error).__name__}: {error}"}
            print(json.dumps(answer))


if __name__ == "__main__":
    main()
