"""Caches the results of functions of an API together with the API, since several printers call the same ones."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from generator.model.api import Api

Found = TypeVar("Found")


def per_api(find: Callable[[Api], Found]) -> Callable[[Api], Found]:
    """Cache a function of an API; its result lives as long as the API does, and must not be changed."""
    name = f"{find.__module__}.{find.__qualname__}"

    @wraps(find)
    def kept(api: Api) -> Found:
        known: dict[str, Found] = api.__dict__
        if name not in known:
            known[name] = find(api)
        return known[name]

    return kept


def forget(api: Api) -> None:
    """Drop the cached results of an API that is done with: many of them hold the API, which would stay in memory."""
    api.__dict__.clear()
