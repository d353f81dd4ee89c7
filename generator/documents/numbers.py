"""Exact numbers in documents that are JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import Any


def json_numbers(value: Any) -> Any:
    """Turn exact numbers into what the standard library prints: integers, or floats.

    Only documents pass here, whose bounds and examples have few digits; what is sent or signed never does.
    """
    if isinstance(value, dict):
        return {key: json_numbers(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_numbers(member) for member in value]
    if isinstance(value, Decimal):
        # `minimum: 5` rather than 5.0, which some tools refuse for integers.
        return int(value) if value == value.to_integral_value() else float(value)
    return value
