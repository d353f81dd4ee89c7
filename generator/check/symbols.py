"""Finds names in `symbols` that no parameter has, and example symbols that the mock exchange does not offer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.check.names import operations_of
from generator.ground.problems import suggest
from generator.model.api import Api
from generator.model.types import Json
from generator.source import reading as read
from generator.source.load import Source
from generator.source.reading import Notes, Path


def check_symbols(source: Source, api: Api, notes: Notes) -> None:
    """Note unknown names in `symbols`, and examples with a symbol that the mock exchange does not offer."""
    at = source.files["api.yaml"]
    declared = read.mapping(at, "symbols")
    if not declared and "symbols" in (mock := read.mapping(at, "mock")):
        notes.add(mock, "symbols", "mock.symbols", "`symbols` is missing; name the parameters that hold a symbol there")
    known = {param.wire for operation in api.operations for param in operation.params}
    known |= {param.wire for struct in api.structs if struct.sent for param in struct.params}
    for name in read.texts(declared, "named_by"):
        if name not in known:
            what = f"no parameter `{name}`{suggest(name, known)}"
            notes.add(declared, "named_by", "symbols.named_by", what, "unused")
    if api.symbols is None:
        return
    for group in api.groups:
        for operation, at in zip(group.operations, operations_of(source, group), strict=True):
            example = read.mapping(at, "example")
            for path, symbol in symbols_in(read.json_map(example, "params"), api.symbols.params):
                if not re.fullmatch(api.symbols.offered, symbol):
                    what = f"`mock.symbols` in api.yaml does not offer {symbol}"
                    notes.add_inside(example, "params", path, f"{operation.name}.example.{path[-1]}", what)


def symbols_in(value: Json, names: tuple[str, ...], path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield (path, symbol) for each string under one of these names, at any depth."""
    if isinstance(value, str) and path[-1] in names:
        yield path, value
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from symbols_in(member, names, (*path, key))
    elif isinstance(value, list):
        for member in value:
            # The path stays the list's: a list of symbols is under the name of its parameter.
            yield from symbols_in(member, names, path)
