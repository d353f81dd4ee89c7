"""Models: every member has the type that the spec gives it, however it is written on the wire."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from generator.ground.tree import source_folders
from generator.model.api import Api
from generator.model.types import Field, Struct, Type
from generator.pipeline.validate import model_of
from generator.source.folder import read_source
from tests.support.made import texts_of
from tests.support.specs import models
from tests.test_cases import CASES
from venues.core.answer.models import Flat, TimestampMs, TimestampS

APIS = models()
SCALARS: dict[str, object] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "decimal": Decimal,
    "timestamp_ms": TimestampMs,
    "timestamp_s": TimestampS,
    "json": Any,
}
GENERATED = [case for case in CASES if not (case / "problems.txt").exists()]


def promised(typed: Type) -> str:
    """Print a type of the spec as `printed` prints a type of Python."""
    if typed.item is not None:
        inner = promised(typed.item)
        return f"list[{inner}]" if typed.kind == "list" else f"dict[str, {inner}]"
    return typed.name if typed.kind in ("enum", "struct") else printed(SCALARS[typed.kind])


def printed(annotation: Any) -> str:
    """Print a type of Python with the bare names of classes."""
    inner = ", ".join(map(printed, get_args(annotation)))
    origin = get_origin(annotation)
    if origin is UnionType or str(origin) == "typing.Union":
        return " | ".join(sorted(map(printed, get_args(annotation))))
    if origin is not None:
        return f"{origin.__name__}[{inner}]"
    return "Any" if annotation is Any else str(annotation.__name__)


def member(field: Field) -> str:
    """Print what a member holds by the spec."""
    what = promised(field.type)
    if field.flat:
        what = what.replace("list", Flat.__name__, 1)
    return " | ".join(sorted([what, "NoneType"])) if field.optional else what


def wrong_members(structs: tuple[Struct, ...], models: ModuleType) -> Iterator[str]:
    """Say which members of a module's classes have another type than in the spec."""
    for struct in structs:
        hints = get_type_hints(getattr(models, struct.name))
        for field in struct.fields:
            if member(field) != printed(hints[field.name]):
                yield f"{struct.name}.{field.name}: {member(field)} by the spec, {printed(hints[field.name])} here"


def received(api: Api) -> tuple[Struct, ...]:
    return tuple(struct for struct in api.structs if struct.received)


def streamed(api: Api) -> tuple[Struct, ...]:
    return api.streams.structs if api.streams else ()


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
def test_members_have_the_types_of_the_spec(api: Api) -> None:
    """No member of an answer or a push is typed otherwise than its spec says."""
    found = list(wrong_members(received(api), _module(f"venues.{api.name}.models")))
    if streamed(api):
        found += wrong_members(streamed(api), _module(f"venues.{api.name}.streams.models"))
    assert [] == found


def _module(name: str) -> ModuleType:
    __import__(name)
    return sys.modules[name]


@pytest.mark.parametrize("case", GENERATED, ids=lambda case: case.name)
def test_members_have_the_types_of_the_spec_in_every_case(
    case: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No odd spec makes a member of another type."""
    texts = texts_of(case / "specs", cache)
    for folder in source_folders(case / "specs"):
        api = model_of(read_source(case / "specs", folder), case / "specs")
        pairs = ((received(api), "models"), (streamed(api), "streams.models"))
        for name in ("enums", "models", "streams.models"):
            _load(f"venues.{api.name}.{name}", texts, monkeypatch)
        found = [
            one
            for structs, name in pairs
            if structs
            for one in wrong_members(structs, _module(f"venues.{api.name}.{name}"))
        ]
        assert [] == found


def _load(name: str, texts: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Run one generated module for the time of a test."""
    text = texts.get(f"{name.replace('.', '/')}.py")
    if text is not None:
        module = ModuleType(name)
        monkeypatch.setitem(sys.modules, name, module)
        exec(compile(text, name, "exec"), module.__dict__)
