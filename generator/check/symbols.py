"""Finds names of symbols that no parameter has, and examples with one that the mock exchange does not offer."""

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
    """Note names that no parameter has, and examples with a symbol that is not offered."""
    at = source.files["api.yaml"]
    said = read.mapping(at, "symbols")
    if not said and "symbols" in (mock := read.mapping(at, "mock")):
        notes.add(mock, "symbols", "mock.symbols", "say in `symbols` which parameters name one")
    known = {param.wire for operation in api.operations for param in operation.params}
    known |= {param.wire for struct in api.structs if struct.sent for param in struct.params}
    for name in read.texts(said, "named_by"):
        if name not in known:
            what = f"no parameter `{name}`{suggest(name, known)}"
            notes.add(said, "named_by", "symbols.named_by", what, "unused")
    if api.symbols is None:
        return
    for group in api.groups:
        for operation, at in zip(group.operations, operations_of(source, group), strict=True):
            example = read.mapping(at, "example")
            for path, symbol in named(read.json_map(example, "params"), api.symbols.params):
                if not re.fullmatch(api.symbols.offered, symbol):
                    what = f"`mock.symbols` in api.yaml does not offer {symbol}"
                    notes.add_inside(example, "params", path, f"{operation.name}.example.{path[-1]}", what)


def named(value: Json, names: tuple[str, ...], path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield what stands under these names, however deep."""
    if isinstance(value, str) and path[-1] in names:
        yield path, value
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from named(member, names, (*path, key))
    elif isinstance(value, list):
        for member in value:
            yield from named(member, names, path)
