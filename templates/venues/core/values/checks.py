# Edited in templates/venues/core/values/checks.py; the copy in generated/ is imported.
"""Checks the options of a client early, instead of during the first call, and finds out which name was meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from inspect import Parameter, iscoroutinefunction, signature
from math import inf
from typing import Any, TypeVar

from venues.errors import InvalidRequest

T = TypeVar("T")


def instance_of(name: str, given: T | None, kind: type[T]) -> T | None:
    """Return an option, or None if it is not given.

    Raises:
        InvalidRequest: if it is of another type.
    """
    if given is None or isinstance(given, kind):
        return given
    raise InvalidRequest(f"{name} is of type {type(given).__name__}; pass a {kind.__module__}.{kind.__name__}")


def seconds(timeout: float) -> float:
    """Return a time to wait, in seconds.

    Raises:
        InvalidRequest: if it is no number above 0.
    """
    # True is a number to Python, and `timeout=True` a mistake.
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or not 0 < timeout < inf:
        raise InvalidRequest(f"timeout is {timeout!r}; pass seconds, more than 0")
    return timeout


def wait_limit(timeout: float | None) -> float | None:
    """Return how long one event is waited for, in seconds; None for as long as it takes, 0 for what is there already.

    Raises:
        InvalidRequest: if it is no number from 0.
    """
    if timeout is None or (timeout == 0 and not isinstance(timeout, bool)):
        return timeout
    return seconds(timeout)


def sync_only(transport: T) -> T:
    """Return the transport of a sync client.

    Raises:
        InvalidRequest: if it is one for async clients, or none at all.
    """
    _ensure_methods(transport)
    if any(map(iscoroutinefunction, _methods(transport))):
        raise InvalidRequest(f"transport is of type {type(transport).__name__}, which is for async clients")
    return transport


def async_only(transport: T) -> T:
    """Return the transport of an async client.

    Raises:
        InvalidRequest: if it is one for sync clients: requests would be sent, and their answers lost;
            or none at all.
    """
    _ensure_methods(transport)
    if transport is not None and not any(map(iscoroutinefunction, _methods(transport))):
        raise InvalidRequest(f"transport is of type {type(transport).__name__}, which is for sync clients")
    return transport


def _ensure_methods(transport: object) -> None:
    if transport is not None and not all(map(callable, _methods(transport))):
        raise InvalidRequest(f"transport is of type {type(transport).__name__}, which has no methods send and close")


def _methods(transport: object) -> list[object]:
    return [getattr(transport, name, None) for name in ("send", "close")]


def did_you_mean(name: str, known: Iterable[str], wires: Mapping[str, object] | None = None) -> str:
    """Return a hint at the nearest known name.

    Args:
        name: What is not known.
        known: What is.
        wires: The exchange's names, and what has the known ones as its `name`: who has read the exchange's
            documentation writes those.
    """
    from difflib import get_close_matches

    names = list(known)
    meant = getattr((wires or {}).get(name), "name", None)
    near = [meant] if meant in names else get_close_matches(name, names, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(names)}" if names else "; it takes none"


BY_NAME = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
"""Arguments that can be given by name."""


def check_arguments(
    function: Callable[..., Any],
    given: Iterable[str],
    wires: Mapping[str, object] | None = None,
    *,
    unnamed: int = 0,
) -> None:
    """Check that a method has the arguments that it is called with, as Python does, and say which one was meant.

    Args:
        function: The method, with `self`.
        given: The names that it is given.
        wires: The exchange's names of what it takes.
        unnamed: How many arguments it is given without a name.

    Raises:
        TypeError: names the first that it does not have, or says that it takes none without a name.
    """
    _, *taken = signature(function).parameters.values()
    kinds = {one.kind for one in taken}
    known = [one.name for one in taken if one.kind in BY_NAME]
    # What a subclass takes by position, or whatever its name is, Python checks itself.
    unknown = None if Parameter.VAR_KEYWORD in kinds else next((name for name in given if name not in known), None)
    name = getattr(function, "__qualname__", "call")
    if unknown is not None:
        raise TypeError(f"{name}() got an unexpected keyword argument {unknown!r}{did_you_mean(unknown, known, wires)}")
    if unnamed and known and kinds == {Parameter.KEYWORD_ONLY}:
        raise TypeError(f"{name}() takes arguments by name only, as {known[0]}=…")
