"""The client, the operation and the arguments that a command names."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from difflib import get_close_matches
from importlib import import_module
from typing import Any

from venues.catalog import declarations
from venues.cli.main import Usage
from venues.core.client import SyncCore
from venues.core.request.operation import Operation
from venues.core.request.params import Fields, ListOf, MapOf, Param, did_you_mean


def client_of(api: str) -> Callable[..., SyncCore]:
    """Return what makes an API's client from the environment.

    Raises:
        UnknownApi: if there is no such API.
    """
    declarations(api)
    logging.getLogger("venues").addHandler(logging.NullHandler())  # one line says what went wrong in the end
    module = import_module(f"venues.{api}")
    found = (getattr(module, name) for name in module.__all__)
    client: Any = next(one for one in found if isinstance(one, type) and issubclass(one, SyncCore))

    make: Callable[..., SyncCore] = client.from_env
    return make


def operation_of(api: str, name: str) -> Operation[Any]:
    """Return an operation by group and name."""
    every: Sequence[Operation[Any]] = import_module(f"venues.{api}.operations").OPERATIONS
    known = {operation.full_name: operation for operation in every}
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"`venues list {api}` tells which there are"
        raise Usage(f"{api} has no operation {name!r}; {hint}")
    return known[name]


def arguments_of(operation: Operation[Any], words: Sequence[str]) -> dict[str, object]:
    """Read name=value, each as its parameter wants it."""
    arguments: dict[str, object] = {}
    for word in words:
        name, equals, text = word.partition("=")
        if not equals:
            raise Usage(f"{word!r} is no parameter; write name=value")
        if name not in operation.by_name:
            raise Usage(f"{operation.full_name} has no parameter {name!r}{did_you_mean(name, operation.by_name)}")
        if name in arguments:
            raise Usage(f"{name} is given twice")
        arguments[name] = _argument(operation.by_name[name], text)
    return arguments


def _argument(param: Param, text: str) -> object:
    if isinstance(param.kind, ListOf | MapOf | Fields) or param.kind == "json":
        return _json(param.name, text)
    if param.kind in ("timestamp_ms", "timestamp_s") and not text.isdecimal():
        return _moment(param.name, text)
    return text


def _moment(name: str, text: str) -> datetime:
    """Read a time as people write it, which must say its zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = datetime.min
    if moment.tzinfo is None:
        raise Usage(f"{name} is {text!r}; write a number since 1970, or a time with its zone as 2024-06-01T08:00Z")
    return moment


def _json(name: str, text: str) -> object:
    try:
        return json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise Usage(
            f"""{name} is no JSON; write a list as '["a", "b"]' and an object as '{{"name": "value"}}'"""
        ) from None


def check_credentials(client: SyncCore, operation: Operation[Any]) -> None:
    """Name the variables that an operation needs and that are not set."""
    profile = client.PROFILE
    key = profile.key_signer()
    classes = (key,) if operation.auth == "key" and key else profile.signers()
    fitting = [made for made in classes if not operation.schemes or made.name in operation.schemes]
    missing = [
        [name for name in made.credentials if not os.environ.get(_variable(profile.name, name))] for made in fitting
    ]
    if operation.auth == "none" or not all(missing):
        return
    ways = [" and ".join(_variable(profile.name, name) for name in names) for names in missing]
    raise Usage(f"{operation.full_name} needs credentials; set {', or '.join(dict.fromkeys(ways))}")


def _variable(api: str, credential: str) -> str:
    return f"{api}_{credential}".upper()
