# Edited in templates/venues/cli/printing.py; the copy in generated/ is imported.
"""Prints lines and JSON, and masks secrets."""

from __future__ import annotations

import json
import os
import sys
from decimal import Decimal
from enum import Enum
from typing import Any

import msgspec

from venues.catalog import apis
from venues.core.values.numbers import decimal_text

MASK = "***"
SHORTEST = 4
"""Shorter values are not treated as secrets: masking `1` or `no` would garble ordinary words."""


def print_line(text: str) -> None:
    """Print a line; characters that the terminal's encoding lacks are escaped."""
    # Windows consoles and LANG=C are not UTF-8, and coins and exchange messages are not all ASCII.
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def one_line(text: str) -> str:
    """Return a text without line breaks and control characters."""
    # An exchange's message is printed to a terminal, which would obey its escape sequences.
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def mask(text: str) -> str:
    """Return a text in which the credentials of the environment are masked."""
    prefixes = tuple(f"{api.upper()}_" for api in apis())
    secrets = {value for name, value in os.environ.items() if name.startswith(prefixes) and len(value) >= SHORTEST}
    # The longest first: a secret may contain another, and half of it would stay readable.
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, MASK)
    return text


def to_json(value: object) -> str:
    """Return an answer as JSON by Python names; exact numbers are strings."""
    return json.dumps(json_value(value), indent=2, ensure_ascii=False)


def json_value(value: object) -> Any:  # JSON
    """Return an answer as values that `json` can print."""
    if isinstance(value, msgspec.Struct):
        return {name: json_value(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return {str(key): json_value(member) for key, member in value.items()}
    if isinstance(value, list):
        return [json_value(member) for member in value]
    if isinstance(value, Enum):
        return value.value
    # `str` would print a small quantity as 1E-8.
    return decimal_text(value) if isinstance(value, Decimal) else value
