# Edited in templates/venues/core/values/enums.py; the copy in generated/ is imported.
"""Enums that stay open: a value that the exchange added yesterday reaches the caller."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Self


class _Newest:
    """The newest value that no enum knew, whatever call read it.

    Walking every answer in search of such values would cost as much as decoding it.
    Each of them is an object of its own, so where this one changed, and only there, an answer has to be searched.
    """

    __slots__ = ("member",)

    def __init__(self) -> None:
        self.member: enum.Enum | None = None


newest: _Newest = _Newest()


class OpenStrEnum(str, enum.Enum):
    """Known texts; any other text becomes a member that has that value."""

    if TYPE_CHECKING:
        # Checkers take known values for all values, and what handles another for unreachable. So each enum has a member
        # `_UNLISTED` for them; its value is any text, and `==` may find any text equal.
        _value_: str

        @property
        def value(self) -> str:
            """As the exchange has it."""
            ...

        def __eq__(self, other: object, /) -> bool: ...
        def __hash__(self) -> int: ...

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        newest.member = member
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
        def value(self) -> int:
            """As the exchange has it."""
            ...

        def __eq__(self, other: object, /) -> bool: ...
        def __hash__(self) -> int: ...

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if isinstance(value, bool) or not isinstance(value, int):
            return None
        member = int.__new__(cls, value)
        member._name_ = f"UNKNOWN_{value}"
        member._value_ = value
        newest.member = member
        return member

    @property
    def known(self) -> bool:
        """Whether the specification lists this value."""
        return self._value_ in type(self)._value2member_map_

    def __str__(self) -> str:
        return str(self._value_)
