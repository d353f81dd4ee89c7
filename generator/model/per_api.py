"""Keeps what is found out about an API with the API: printers ask for the same, and each would look at every call again."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from generator.model.api import Api

Found = TypeVar("Found")


def per_api(find: Callable[[Api], Found]) -> Callable[[Api], Found]:
    """Have a function look once at each API; what it returns lives as long as the API does, and nobody may change it."""
    name = f"{find.__module__}.{find.__qualname__}"

    @wraps(find)
    def kept(api: Api) -> Found:
        known: dict[str, Found] = api.__dict__
        if name not in known:
            known[name] = find(api)
        return known[name]

    return kept
