"""The classes of answers have the types that the specs say, however the exchange writes them on the wire."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest

from generator.model.types import Struct, Type
from tests.support.apis import APIS
from tests.support.differences import model
from venues.core.answer.models import Flat, Json, TimestampMs, TimestampS

SCALARS: dict[str, Any] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "decimal": Decimal,
    "timestamp_ms": TimestampMs,
    "timestamp_s": TimestampS,
    "json": Json,
}


@pytest.mark.parametrize("api", [api.name for api in APIS])
def test_members_have_the_types_of_the_spec(api: str) -> None:
    """A boolean is a bool even where it arrives as text, an amount is exact, a time says its unit."""
    wrong = [place for place, typed, hint in members(api) if not same(typed, hint)]
    assert [] == wrong


def members(api: str) -> Iterator[tuple[str, Type, Any]]:
    """Yield every member of every class: its name, its type in the spec, and its annotation."""
    spec = model(api)
    modules: list[tuple[str, tuple[Struct, ...]]] = [("models", spec.structs)]
    modules += [("streams.models", spec.streams.structs)] if spec.streams else []
    for name, structs in modules:
        module = importlib.import_module(f"venues.{api}.{name}")
        for struct in structs:
            if struct.received:
                hints = get_type_hints(getattr(module, struct.name))
                for field in struct.fields:
                    yield f"{struct.name}.{field.name}", field.type, hints[field.name]


def same(typed: Type, hint: Any) -> bool:
    """Whether an annotation is that of a type; None is allowed beside it, where a member may be missing."""
    if get_origin(hint) not in (list, dict, Flat, None):
        hint = Union[tuple(each for each in get_args(hint) if each is not type(None))]  # noqa: UP007
    if typed.item is not None:
        return get_origin(hint) in ((list, Flat) if typed.kind == "list" else (dict,)) and same(
            typed.item, get_args(hint)[-1]
        )
    return hint.__name__ == typed.name if typed.name else hint is SCALARS[typed.kind]
