"""Compact JSON with exact numbers, as an exchange or a client sends it."""

from __future__ import annotations

import json
from decimal import Decimal


class Bare(str):
    """A text that stands in JSON without quotes."""

    __slots__ = ()


def json_text(value: object) -> str:
    """Print JSON; decimals in plain notation, never with an exponent."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{json_text(str(key))}:{json_text(member)}" for key, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(json_text, value)) + "]"
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value) if isinstance(value, Bare) else json.dumps(value, ensure_ascii=False)
