# Edited in templates/venues/core/answer/body.py; the copy in generated/ is imported.
"""The body of an answer as JSON: its numbers are exact, and what is no JSON or no code is said to be none."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from venues.core.values.interruption import is_of_program

UNREADABLE = object()
"""What no parser can read."""
LONGEST_CODE = 40
"""Digits of a code that is one."""


def parse(body: bytes) -> object:
    """Return JSON with exact numbers, or UNREADABLE."""
    try:
        return msgspec.json.Decoder(float_hook=Decimal).decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError, RecursionError) as error:
        if is_of_program(error):
            raise
        return UNREADABLE


def code_text(code: object) -> str | None:
    """Return a code as text; None for what is no code: true, a list, an object, a fraction."""
    if isinstance(code, bool):
        return None
    if isinstance(code, Decimal):
        # 0.0 is how some write a whole number; what is long enough to be no code is none.
        whole = code.is_finite() and code.adjusted() < LONGEST_CODE and code == code.to_integral_value()
        return str(int(code)) if whole else None
    return str(code) if isinstance(code, (int, str)) else None
