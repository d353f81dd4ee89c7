# Edited in templates/venues/cli/target.py; the copy in generated/ is imported.
"""Finds the client, the operation and the arguments that a command names."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from difflib import get_close_matches
from importlib import import_module
from typing import Any

from venues.catalog import declarations
from venues.cli.usage import Usage
from venues.core.client import SyncCore
from venues.core.request.operation import Operation
from venues.core.request.params import Fields, ListOf, MapOf, Param
from venues.core.values.checks import did_you_mean


def client_of(api: str) -> Callable[..., SyncCore]:
    """Return the function that makes an API's client with credentials from the environment.

    Raises:
        UnknownApi: if there is no such API.
    """
    declarations(api)  # raises UnknownApi, which names the nearest API; a failed import would not
    # The error is printed in one line at the end; log lines would repeat it.
    logging.getLogger("venues").addHandler(logging.NullHandler())
    clients = vars(import_module(f"venues.{api}.client")).values()
    client: Any = next(one for one in clients if isinstance(one, type) and SyncCore in one.__bases__)

    make: Callable[..., SyncCore] = client.from_env
    return make


def operation_of(api: str, name: str) -> Operation[Any]:
    """Return an operation by group and name."""
    every: Sequence[Operation[Any]] = import_module(f"venues.{api}.operations").OPERATIONS
    known = {operation.full_name: operation for operation in every}
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"`venues list {api}` lists them"
        raise Usage(f"{api} has no operation {name!r}; {hint}")
    return known[name]


def arguments_of(operation: Operation[Any], words: Sequence[str]) -> dict[str, object]:
    """Return the arguments of an operation from words such as `symbol=BTCUSDT`, each parsed by its parameter's type."""
    return values_of(operation.full_name, operation.by_name, words, operation.by_wire)


def values_of(
    owner: str, params: Mapping[str, Param], words: Sequence[str], wires: Mapping[str, Param] | None = None
) -> dict[str, object]:
    """Return arguments by name.

    Args:
        owner: What takes them, for messages.
        params: What it takes, by name.
        words: Such as `symbol=BTCUSDT`.
        wires: What it takes, by the exchange's names, which a message may explain.
    """
    arguments: dict[str, object] = {}
    for word in words:
        name, equals, text = word.partition("=")
        if not equals:
            raise Usage(f"{word!r} is not a parameter; write name=value")
        if name not in params:
            raise Usage(f"{owner} has no parameter {name!r}{did_you_mean(name, params, wires)}")
        if name in arguments:
            raise Usage(f"{name} is given twice")
        arguments[name] = _argument(params[name], text)
    return arguments


def _argument(param: Param, text: str) -> object:
    if isinstance(param.kind, ListOf | MapOf | Fields) or param.kind == "json":
        return _json(param.name, text)
    if param.kind in ("timestamp_ms", "timestamp_s") and not text.isdecimal():
        return _parse_time(param.name, text)
    # Numbers stay text: the client checks and prints them exactly, and a float would lose digits.
    return text


def _parse_time(name: str, text: str) -> datetime:
    """Return the time of an ISO 8601 text, which must name its time zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = datetime.min  # has no zone, so it is rejected below with the same words
    if moment.tzinfo is None:
        raise Usage(f"{name} is {text!r}; write a Unix time, or a time with its zone, such as 2024-06-01T08:00Z")
    return moment


def _json(name: str, text: str) -> object:
    try:
        return json.loads(text, parse_float=Decimal)  # 0.1 stays 0.1
    except (ValueError, RecursionError):  # `[[[[…` makes the parser recurse
        raise Usage(
            f"""{name} is not JSON; write a list as '["a", "b"]' and an object as '{{"name": "value"}}'"""
        ) from None


def check_credentials(client: SyncCore, operation: Operation[Any]) -> None:
    """Check that the environment has the credentials that an operation needs.

    Raises:
        Usage: names the variables that are missing.
    """
    profile = client.PROFILE
    key = profile.key_signer()
    classes = (key,) if operation.auth == "key" and key else profile.signers()
    fitting = [signer for signer in classes if not operation.schemes or signer.name in operation.schemes]
    missing = [
        [name for name in signer.credentials if not os.environ.get(_variable(profile.name, name))] for signer in fitting
    ]
    # One complete scheme is enough: an API may accept an HMAC secret or an RSA key.
    if operation.auth == "none" or not all(missing):
        return
    ways = [" and ".join(_variable(profile.name, name) for name in names) for names in missing]
    raise Usage(f"{operation.full_name} needs credentials; set {', or '.join(dict.fromkeys(ways))}")


def _variable(api: str, credential: str) -> str:
    return f"{api}_{credential}".upper()
