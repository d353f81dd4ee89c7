"""Reads a value inside JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Json = Any


def value_at(document: Json, path: Iterable[str]) -> Json:
    """Return what stands at a path of members; None where one of them is not there."""
    for step in path:
        if not isinstance(document, dict):
            return None
        document = document.get(step)
    return document
