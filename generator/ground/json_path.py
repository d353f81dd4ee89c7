"""Reads a value inside JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Json = Any


def value_at(document: Json, path: Iterable[str | int]) -> Json:
    """Return what stands at a path of members and positions; None where one of them is not there."""
    for step in path:
        if isinstance(step, int):
            document = document[step] if isinstance(document, list) and step < len(document) else None
        else:
            document = document.get(step) if isinstance(document, dict) else None
    return document
