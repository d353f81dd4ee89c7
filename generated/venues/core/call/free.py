# Edited in templates/venues/core/call/free.py; the copy in generated/ is imported.
"""Calls that the specification lacks: the caller says what an operation would."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, get_args

from venues.core.profile import Profile
from venues.core.request.limits import Cost
from venues.core.request.operation import Operation
from venues.core.request.params import Kind, Param
from venues.core.request.scalars import Write
from venues.errors import InvalidRequest

Method = Literal["GET", "POST", "PUT", "DELETE", "PATCH"]
Auth = Literal["none", "key", "signed"]
Effect = Literal["read", "repeatable", "once"]
Carrier = Literal["query", "json", "form", "list"]
PATH = re.compile(r"/[^\s?#{}\\\x00-\x20\x7f-\uffff]*")
"""A path as it is sent: what is not ASCII is percent-encoded already, and a query is given as parameters."""
TEXT: dict[type, Kind] = {bool: "boolean", int: "integer", float: "decimal", Decimal: "decimal"}
"""How values are written whose type says it; a float is refused there, as everywhere."""


def free_operation(
    profile: Profile,
    method: str,
    path: str,
    params: Mapping[str, object],
    *,
    auth: str,
    effect: str | None,
    carrier: str | None,
    cost: int,
) -> Operation[Any]:
    """Return an operation for a call that no specification describes.

    Args:
        profile: Of the API.
        method: The HTTP method.
        path: From the address of the server on, without a query.
        params: Wire name → value.
        auth: `none`, `key` or `signed`.
        effect: What sending it twice would do; without it, everything but GET must happen once.
        carrier: Where the parameters go; without it, where those of this method usually go at this API.
        cost: What it takes from each limit that all calls share.

    Raises:
        InvalidRequest: if one of them is of no use.
    """
    if not isinstance(path, str) or not PATH.fullmatch(path):
        raise InvalidRequest(f"path is {path!r}; it must begin with / and hold no query: pass that as params")
    verb = _one_of("method", method, Method)
    place = carrier or profile.carriers.get(verb) or ("query" if verb in ("GET", "DELETE") else "json")
    if isinstance(cost, bool) or not isinstance(cost, int) or cost < 0:
        raise InvalidRequest(f"cost is {cost!r}; pass an int of 0 or more")
    place = _one_of("carrier", place, Carrier)
    if place == "list" and [type(value) in (list, tuple) for value in params.values()] != [True]:
        raise InvalidRequest("carrier is 'list'; then params must hold one list, which is the body, by any name")
    return _operation(
        verb,
        path,
        _one_of("auth", auth, Auth),
        _one_of("effect", effect or ("read" if verb == "GET" else "once"), Effect),
        place,
        tuple((str(wire), _kind_of(value)) for wire, value in params.items()),
        tuple(Cost(name, cost) for name in profile.limits) if cost else (),
    )


# One for each shape of a call: clients remember how the answers of an operation are read.
@lru_cache(maxsize=256)
def _operation(
    method: Method,
    path: str,
    auth: Auth,
    effect: Effect,
    carrier: Carrier,
    kinds: tuple[tuple[str, Kind], ...],
    costs: tuple[Cost, ...],
) -> Operation[Any]:
    bare = carrier == "list"
    body = "json" if carrier == "list" else carrier
    params = tuple(Param(wire, wire, kind, write=_write_of(kind, body)) for wire, kind in kinds)
    name = f"{method} {path}"
    return Operation(
        "request", name, method, path, auth, effect, Any, carrier=body, bare=bare, params=params, costs=costs
    )


def _one_of(name: str, given: object, known: Any) -> Any:  # Any: a Literal, and one of its texts
    values = get_args(known)
    if given not in values:
        raise InvalidRequest(f"{name} is {given!r}; it may be {', '.join(values)}")
    return given


def _kind_of(value: object) -> Kind:
    if isinstance(value, str) or value is None:
        return "string"
    return TEXT.get(type(value), "json" if isinstance(value, (list, tuple, Mapping)) else "string")


def _write_of(kind: Kind, carrier: str) -> Write:
    """Return how a value is written: in JSON what Python has words for, but decimals as text, for most exchanges do."""
    if carrier != "json" or kind == "decimal":
        return "text"
    return "number" if kind == "integer" else "json"
