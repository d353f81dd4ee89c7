# Edited in templates/venues/mock/answer/sent.py; the copy in generated/ is imported.
"""The answer of the mock exchange: body, status, and how it is delivered."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Literal

import msgspec

Delivery = Literal["whole", "cut", "closed", "silent"]


class Answer(msgspec.Struct, frozen=True, gc=False):
    """What is sent back, and how."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = {}
    content_type: str = "application/json"
    delivery: Delivery = "whole"
    delay: float = 0.0
    """Seconds after which it is sent."""
    shape: Literal["one", "list"] | None = None
    """Whether the payload is sent as one object or as a list; as it is by default."""


def bare_answer(status: int) -> Answer:
    """Answer the words of an HTTP status, without an envelope, as proxies in front of exchanges do."""
    words = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Error"
    return Answer(words.encode(), status, content_type="text/plain")
