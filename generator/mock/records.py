"""Turns records of the model into JSON."""

from __future__ import annotations

from typing import Any

from msgspec import Struct as Record
from msgspec.structs import asdict


def record_data(record: Record) -> dict[str, Any]:  # Any: JSON
    """Return the members of a record by name, those of the records in it, too."""
    return {name: _data(value) for name, value in asdict(record).items()}


def _data(value: object) -> object:
    if isinstance(value, Record):
        return record_data(value)
    if isinstance(value, dict):
        return {key: _data(member) for key, member in value.items()}
    return [_data(member) for member in value] if isinstance(value, (tuple, list)) else value
