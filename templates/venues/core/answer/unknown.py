# Edited in templates/venues/core/answer/unknown.py; the copy in generated/ is imported.
"""Finds the values that an open enum did not know, in an answer that is decoded already."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from venues.core.answer.mend import Report
from venues.core.values.enums import OpenIntEnum, OpenStrEnum


def report_unknown(data: object, report: Report) -> None:
    """Report every value that the specification does not list, with its place."""
    for path, member in _unknown_members(data, ""):
        report(path, f"an unknown {type(member).__name__}, {member.value!r},")


def _unknown_members(data: Any, path: str) -> Iterator[tuple[str, OpenStrEnum | OpenIntEnum]]:
    if isinstance(data, (OpenStrEnum, OpenIntEnum)):
        if not data.known:
            yield path, data
    elif isinstance(data, msgspec.Struct):
        for name in data.__struct_fields__:
            yield from _unknown_members(getattr(data, name), f"{path}.{name}" if path else name)
    elif isinstance(data, list):
        for member in data:
            yield from _unknown_members(member, f"{path}[]")
    elif isinstance(data, dict):
        place = f"{path}.*" if path else "*"  # as in `mend`: the keys are data
        for member in data.values():
            yield from _unknown_members(member, place)
