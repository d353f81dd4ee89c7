"""What a client is told when it is made: a wrong option would else be noticed in the middle of a call."""

from __future__ import annotations

from math import inf
from typing import TypeVar

from venues.errors import InvalidRequest

T = TypeVar("T")


def option(name: str, given: T | None, kind: type[T]) -> T | None:
    """Return an option, or None if it is not given.

    Raises:
        InvalidRequest: if it is something else.
    """
    if given is None or isinstance(given, kind):
        return given
    raise InvalidRequest(f"{name} is of type {type(given).__name__}; pass a {kind.__module__}.{kind.__name__}")


def seconds(timeout: float) -> float:
    """Return a time to wait.

    Raises:
        InvalidRequest: if it is none.
    """
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or not 0 < timeout < inf:
        raise InvalidRequest(f"timeout is {timeout!r}; pass seconds, more than 0")
    return timeout
