# Edited in templates/venues/core/call/nearest.py; the copy in generated/ is imported.
"""Suggests the call that was meant where a client or a group has no such attribute; loaded only then."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from importlib import import_module
from typing import Any

from venues.core.request.operation import Operation

OTHER_WORDS = {
    "candles": "klines",
    "candlesticks": "klines",
    "create": "place",
    "depth": "order_book",
    "edit": "amend",
    "fetch": "get",
    "ohlcv": "klines",
    "orderbook": "order_book",
}
"""What ccxt and the exchanges' own clients say, and what is said here."""


def missing_attribute(owner: object, name: str, api: str) -> AttributeError:
    """Return the error of an attribute that is not there; it names what was meant.

    Args:
        owner: The client or group that lacks it.
        name: What was looked for; a name that begins with an underscore gets no suggestion.
        api: The name of the API; empty while the group is being copied, and has nothing yet.
    """
    own = [one for one in dir(owner) if not one.startswith("_")] if hasattr(type(owner), "PROFILE") else []
    hint = "" if name.startswith("_") or not api else _hint(name, own, [one.full_name for one in _operations(api)])
    return AttributeError(f"{type(owner).__name__!r} object has no attribute {name!r}{hint}")


def _operations(api: str) -> Iterable[Operation[Any]]:
    """Return all operations of an API, which is loaded by name: this module serves all of them."""
    found: Iterable[Operation[Any]] = import_module(f"venues.{api}.operations").OPERATIONS
    return found


def _hint(name: str, own: list[str], calls: list[str]) -> str:
    """Return the nearest of the client's own attributes, group or calls, or else all groups."""
    groups = list(dict.fromkeys(call.partition(".")[0] for call in calls))
    near = (
        get_close_matches(name, own, n=1, cutoff=0.8) or get_close_matches(name, groups, n=1) or _nearest(name, calls)
    )
    if near:
        return f"; did you mean {' or '.join(f'client.{one}' for one in near)}?"
    return f"; calls are in {', '.join(f'client.{one}' for one in groups)}"


def _nearest(name: str, calls: list[str]) -> list[str]:
    """Return up to three calls whose names are like this one."""
    meant = "_".join(OTHER_WORDS.get(word, word) for word in name.split("_"))
    names = {call.partition(".")[2] for call in calls}
    # What is meant exactly is not listed beside its opposite: `cancel_order` is like `place_order`.
    # At 0.75 `get_balance` finds `get_balances`, and not every other call that gets something.
    near = [meant] if meant in names else get_close_matches(meant, names, n=3, cutoff=0.75)
    return [call for one in near for call in calls if call.partition(".")[2] == one][:3]
