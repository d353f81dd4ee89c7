"""How things are printed."""

from __future__ import annotations

import json
import os
import sys
from decimal import Decimal
from enum import Enum
from typing import Any

import msgspec

from venues.catalog import apis

MASK = "***"
SHORTEST = 4
"""Values of the environment that are shorter are no secrets, and masking them would garble words."""


def say(text: str) -> None:
    """Print a line, whatever the terminal can show."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def one_line(text: str) -> str:
    """Return a text without line breaks and control characters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def masked(text: str) -> str:
    """Hide credentials of the environment in a text."""
    prefixes = tuple(f"{api.upper()}_" for api in apis())
    secrets = {value for name, value in os.environ.items() if name.startswith(prefixes) and len(value) >= SHORTEST}
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, MASK)
    return text


def as_json(value: object) -> str:
    """Print an answer as JSON, by Python names; exact numbers are texts."""
    return json.dumps(plain(value), indent=2, ensure_ascii=False)


def plain(value: object) -> Any:  # JSON
    """Return an answer as what JSON has words for."""
    if isinstance(value, msgspec.Struct):
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return {str(key): plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [plain(member) for member in value]
    if isinstance(value, Enum):
        return value.value
    return format(value, "f") if isinstance(value, Decimal) else value
