"""Proofs that pass at once: whatever is sent, they agree with the rule that is worked out part by part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from multidict import CIMultiDict

from tests.support.apis import APIS, Api, label
from tests.support.mocks import arrived, once, read, without
from tests.test_mock_proof import NOW, exchange, prepared
from venues.mock import Received
from venues.mock.declared.api import load_api
from venues.mock.request import proof

OFFSETS = (0, -1, 1, -5_001, 5_001, -60_001, 60_001, -3_600_000, 3_600_000)


def changed(request: Received, names: set[str]) -> Iterator[Received]:
    """Yield a request, and what could be sent in its place."""
    yield request
    for name in names:
        yield without(request, name)
        for value in ("", "1", "x", "00", "1" * 21, "\u0661", " 1", "ABCDEF"):
            headers = CIMultiDict(request.headers)
            if name in headers:
                headers[name] = value
                yield replace(request, headers=headers)
            query = re.sub(rf"(?<=\b{name}=)[^&]*", value, request.query)
            body = re.sub(rf"(?<=\b{name}=)[^&]*", value, request.body.decode()).encode()
            if (query, body) != (request.query, request.body):
                yield replace(request, query=query, body=body)
        sent = re.search(rf"\b{name}=[^&]*", request.query)
        for text in (sent[0], f"{name}=", f"{name}=1") if sent else (f"{name}=1",):
            yield replace(request, query=f"{request.query}&{text}")
            yield replace(request, query=f"{text}&{request.query}")
    for swap in (str.upper, str.lower, str.title):
        yield replace(request, query=swap(request.query))
        yield replace(request, headers=CIMultiDict({name: swap(text) for name, text in request.headers.items()}))
    yield replace(request, query=request.query.replace("=", "%3D", 1))
    yield replace(request, body=request.body + b" ")
    yield replace(request, body=b"{}" if request.body else b"a=1")


def judged(api: Api, requests: list[Received]) -> list[tuple[str, str]]:
    mock = exchange(api)
    for request in requests:
        mock.receive(request)
    return [(each.verdict, each.detail) for each in mock.requests]


@pytest.mark.parametrize("choose", [once, read], ids=["once", "read"])
@pytest.mark.parametrize("api", APIS, ids=label)
def test_the_usual_way_agrees_with_the_rule(api: Api, choose: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request is accepted, or refused in the same words, whether or not it could pass at once."""
    placed = {place.name for scheme in load_api(api.name).schemes for place in scheme.placements}
    requests = [arrived(prepared(api, choose(api), NOW + offset)) for offset in OFFSETS]
    every = [*requests, *changed(requests[0], placed)]
    usually = judged(api, every)
    monkeypatch.setattr(proof, "usual_proof", lambda *said: None)
    assert judged(api, every) == usually
    assert {"accepted", "wrong_time", "wrong_signature"} <= {verdict for verdict, _ in usually}


@pytest.mark.parametrize("api", APIS, ids=label)
def test_what_the_client_signs_passes_at_once(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """No request of our own client has to be worked out part by part."""
    monkeypatch.setattr(proof.Proof, "_work_out", lambda *said: pytest.fail("worked out"))
    assert [("accepted", "")] == judged(api, [arrived(prepared(api, once(api)))])
