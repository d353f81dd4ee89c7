"""Exact numbers in documents that are JSON."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any


def document_text(value: Any, comma: str = ",", colon: str = ":") -> str:
    """Print JSON in one line, with exact numbers as the standard library prints numbers: integers, or floats.

    Only documents pass here, whose bounds and examples have few digits; what is sent or signed never does.
    """
    return json.dumps(value, ensure_ascii=False, separators=(comma, colon), default=_number)


def _number(value: Decimal) -> int | float:
    # `minimum: 5` rather than 5.0, which some tools refuse for integers.
    return int(value) if value == value.to_integral_value() else float(value)
