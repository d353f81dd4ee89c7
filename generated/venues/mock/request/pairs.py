# Edited in templates/venues/mock/request/pairs.py; the copy in generated/ is imported.
"""Queries and forms, taken apart once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar
from urllib.parse import unquote_plus

Pairs = list[tuple[str, str]]
T = TypeVar("T")


class once(Generic[T]):  # noqa: N801  # a decorator, as `property` is
    """A property that is worked out once.

    `functools.cached_property` takes a lock on Python 3.11, five times for each call.
    """

    def __init__(self, work: Callable[[Any], T]) -> None:
        self._work, self.__doc__ = work, work.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: Any, owner: type | None = None) -> T:
        found = instance.__dict__[self._name] = self._work(instance)
        return found


def split_pairs(text: str) -> Pairs:
    """Return the names and values of a query or form, decoded, in order."""
    # Not urllib's parse_qsl: it drops empty values, and those are part of what was signed.
    split = [((parts := pair.partition("="))[0], parts[2]) for pair in text.split("&") if pair]
    if "%" not in text and "+" not in text:
        return split
    return [(_decoded(name), _decoded(value)) for name, value in split]


def _decoded(text: str) -> str:
    return unquote_plus(text) if "%" in text or "+" in text else text


def by_name(pairs: Pairs) -> Mapping[str, str]:
    """Return values by name: of equal names the last one that is not empty."""
    values = dict(pairs)
    return {name: value for name, value in pairs if value} if "" in values.values() else values


def first_by_name(pairs: Pairs, last: Mapping[str, str]) -> Mapping[str, str]:
    """Return values by name: of equal names the first one that is not empty."""
    if len(last) == len(pairs):
        return last  # no name is there twice
    return {name: value for name, value in reversed(pairs) if value}
