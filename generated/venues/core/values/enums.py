"""Enums that stay open: a value that the exchange added yesterday reaches the caller."""

from __future__ import annotations

import enum
import threading
from typing import TYPE_CHECKING, Self


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

    if TYPE_CHECKING:
        # Checkers take known values for all values, and what handles another for unreachable. So each enum has a member
        # `_UNLISTED` for them; its value is any text, and `==` may find any text equal.
        _value_: str

        @property
        def value(self) -> str: ...
        def __eq__(self, other: object, /) -> bool: ...
        def __hash__(self) -> int: ...

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

    if TYPE_CHECKING:
        # As above.
        _value_: int

        @property
        def value(self) -> int: ...
        def __eq__(self, other: object, /) -> bool: ...
        def __hash__(self) -> int: ...

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
