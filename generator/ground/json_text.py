"""JSON with exact numbers: compact, as an exchange or a client sends it, or with blanks for a reader."""

from __future__ import annotations

import json
from decimal import Decimal

_PRINTER = json.JSONEncoder(ensure_ascii=False)
"""Made once: `dumps` makes another one for every text."""


class Bare(str):
    """A text that stands in JSON without quotes."""

    __slots__ = ()


def json_text(value: object, comma: str = ",", colon: str = ":") -> str:
    """Print JSON; decimals in plain notation, never with an exponent, which some exchanges refuse."""
    if isinstance(value, dict):
        members = (f"{json_text(str(key))}{colon}{json_text(member, comma, colon)}" for key, member in value.items())
        return "{" + comma.join(members) + "}"
    if isinstance(value, list):
        return "[" + comma.join(json_text(member, comma, colon) for member in value) + "]"
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value) if isinstance(value, Bare) else _PRINTER.encode(value)
