"""Enums that stay open: a value that the exchange added yesterday reaches the caller."""

from __future__ import annotations

import enum
import threading
from typing import Self


class _Unknown(threading.local):
    """Values that no enum knew, since somebody last looked; each thread has its own."""

    def __init__(self) -> None:
        self.values: list[tuple[str, str | int]] = []


unknown = _Unknown()
_KEPT = 100


def _note(name: str, value: str | int) -> None:
    if len(unknown.values) < _KEPT:
        unknown.values.append((name, value))


class OpenStrEnum(str, enum.Enum):
    """Known texts; any other text becomes a member that has that value."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        _note(cls.__name__, value)
        return member

    @property
    def known(self) -> bool:
        """Whether the specification lists this value."""
        return self._value_ in type(self)._value2member_map_

    def __str__(self) -> str:
        return str(self._value_)


class OpenIntEnum(int, enum.Enum):
    """Known integers; any other integer becomes a member that has that value."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if isinstance(value, bool) or not isinstance(value, int):
            return None
        member = int.__new__(cls, value)
        member._name_ = f"UNKNOWN_{value}"
        member._value_ = value
        _note(cls.__name__, value)
        return member

    @property
    def known(self) -> bool:
        """Whether the specification lists this value."""
        return self._value_ in type(self)._value2member_map_

    def __str__(self) -> str:
        return str(self._value_)
