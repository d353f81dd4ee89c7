"""Which parameters name a pair or contract, and whether the mock exchange would offer those of the examples."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator import reading as read
from generator.build_names import operations_of
from generator.load import Map, Source
from generator.model.api import Api, Symbols
from generator.model.types import Json
from generator.problems import suggest
from generator.reading import Notes, Path


def symbols(at: Map) -> Symbols | None:
    """Return what api.yaml says of symbols, if anything."""
    said = read.mapping(at, "symbols")
    return Symbols(read.texts(said, "params"), str(said["offered"])) if said else None


def check_symbols(source: Source, api: Api, notes: Notes) -> None:
    """Note names that no parameter has, and examples with a symbol that is not offered."""
    if api.symbols is None:
        return
    said = read.mapping(source.files["api.yaml"], "symbols")
    known = {param.wire for operation in api.operations for param in operation.params}
    known |= {param.wire for struct in api.structs if struct.sent for param in struct.params}
    for name in api.symbols.params:
        if name not in known:
            notes.add(said, "params", "symbols.params", f"no parameter `{name}`{suggest(name, known)}")
    for group in api.groups:
        for operation, at in zip(group.operations, operations_of(source, group), strict=True):
            example = read.mapping(at, "example")
            for path, symbol in named(read.json_map(example, "params"), api.symbols.params):
                if not re.fullmatch(api.symbols.offered, symbol):
                    what = f"`symbols` in api.yaml does not offer {symbol}"
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
