# Edited in templates/venues/core/answer/models.py; the copy in generated/ is imported.
"""The base classes and types of the structs in answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NewType, TypeVar

import msgspec

from venues.core.values.secrets import Secret

if TYPE_CHECKING:
    from datetime import datetime

TimestampMs = NewType("TimestampMs", int)
"""Milliseconds since 1970."""

TimestampS = NewType("TimestampS", int)
"""Seconds since 1970."""

Json = Any  # the specification does not say more
"""Anything that JSON can hold."""


# gc=False: decoded answers hold no cycles. With many events queued, half of the time would go to looking for them.
class Exportable(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What can be converted to plain data."""

    def to_dict(self, *, wire: bool = False) -> dict[str, Any]:
        """Return this as a dict by Python names, or by the exchange's with `wire`; decimals stay exact."""
        from venues.core.values.export import as_dict

        return as_dict(self, wire=wire)

    def to_json(self, *, wire: bool = False) -> str:
        """Return this as JSON by Python names, or by the exchange's with `wire`; decimals are texts without exponent."""
        from venues.core.values.export import as_json

        return as_json(self, wire=wire)

    def when(self, field: str) -> datetime | None:
        """Return the time in a field as an aware datetime in UTC; None where the field is None.

        Raises:
            AttributeError: if the field is no time.
        """
        from venues.core.values.export import as_time

        return as_time(self, field)

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, __: Any) -> Any:
        """Let pydantic, and so FastAPI, check and write this; only pydantic asks, so it is installed."""
        from venues.core.values.pydantic_schema import schema_of

        return schema_of(cls)


class Model(Exportable, frozen=True, kw_only=True, gc=False):
    """An object of an answer; unknown members are dropped."""

    OTHER_NAMES: ClassVar[dict[str, str]] = {}
    """Other wire names under which members arrive → the wire names by which they are read."""


class SecretModel(Model, frozen=True, kw_only=True):
    """An object of an answer that holds a secret: printing it shows none of its texts."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.__rich_repr__())})"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        members = [(name, getattr(self, name)) for name in self.__struct_fields__]
        return [(name, Secret(value) if isinstance(value, str) else value) for name, value in members]


class ArrayModel(Exportable, frozen=True, kw_only=True, array_like=True, gc=False):
    """An object that arrives as a JSON array, its members in order."""


T = TypeVar("T")


class Flat(list[T]):
    """A list whose members arrive one after another in one flat list: [price, quantity, price, quantity]."""


def groups_of(flat: list[Any], size: int) -> list[list[Any]]:
    """Split a flat list into groups; a last group that is not full is left out."""
    return [flat[start : start + size] for start in range(0, len(flat) - size + 1, size)]
