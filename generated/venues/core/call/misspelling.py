# Edited in templates/venues/core/call/misspelling.py; the copy in generated/ is imported.
"""Lets the methods of a client say which argument was meant; loaded with the first group."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import wraps
from inspect import iscoroutinefunction, isfunction
from types import FunctionType
from typing import Any

from venues.core.request.operation import Operation
from venues.core.request.params import Param
from venues.core.values.checks import check_arguments

SUGGESTS = sys.version_info >= (3, 13)
"""Whether Python itself says which argument was meant; before, a method is called by way of another function."""


def explain_arguments(group: type, *, suggests: bool = SUGGESTS) -> None:
    """Let the methods of a group say "did you mean" where they are called with an argument that they don't have.

    What `help()` and `inspect.signature` show of them stays as it is printed.
    """
    if suggests:
        return
    for name, method in list(vars(group).items()):
        if isfunction(method) and not name.startswith("_"):
            setattr(group, name, _explaining(method))


def _explaining(method: FunctionType) -> Callable[..., Any]:
    if iscoroutinefunction(method):
        return _explaining_coroutine(method)

    @wraps(method)
    def call(self: object, /, *unnamed: object, **named: object) -> Any:
        try:
            return method(self, *unnamed, **named)
        except TypeError as error:
            _explain(method, named, len(unnamed), error)
            raise

    return call


def _explaining_coroutine(method: FunctionType) -> Callable[..., Any]:
    # Awaits, for `inspect` and mocks must still see a coroutine function.
    @wraps(method)
    async def call(self: object, /, *unnamed: object, **named: object) -> Any:
        try:
            return await method(self, *unnamed, **named)
        except TypeError as error:
            _explain(method, named, len(unnamed), error)
            raise

    return call


def _explain(method: FunctionType, named: Mapping[str, object], unnamed: int, error: TypeError) -> None:
    trace = error.__traceback__
    # Only what the call itself raised: an error of this type from deeper inside has nothing to do with arguments.
    if trace is None or trace.tb_next is not None:
        return
    try:
        check_arguments(method, named, _wires(method), unnamed=unnamed)
    except TypeError as clearer:
        raise clearer from None


def _wires(method: FunctionType) -> Mapping[str, Param]:
    """Return the exchange's names of what a method takes."""
    constants = vars(method.__globals__.get("operations", object)).values()
    found = (one for one in constants if isinstance(one, Operation) and _bare(one.name) == _bare(method.__name__))
    return next((one.by_wire for one in found), {})


def _bare(name: str) -> str:
    """Return what `get_klines` and `iter_klines` have in common."""
    return name.removeprefix("iter_").removeprefix("get_")
