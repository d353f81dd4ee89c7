"""Takes out of a source what has not the right shape, so that what is wrong with the rest is told at once as well."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from generator.ground.problems import Problem
from generator.source import wording as words
from generator.source.load import Map, Seq, Source
from generator.source.schema import schema_of, shape_errors

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

PARTS = {
    "rest.json": ("operations",),
    "types.json": ("enums", "structs"),
    "errors.json": ("http", "codes", "stream_codes"),
}
"""What can be taken out of a file one by one."""

Part = tuple[str, str | int]
"""Where in a file: `structs`, `Order`."""


def salvage(source: Source) -> set[str] | None:
    """Take out all that is misshapen; return the names of that, or None if the rest can't stand by itself."""
    names: set[str] = set()
    for file, content in source.files.items():
        schema = schema_of(file)
        if schema is None:
            return None
        _mend_keys(schema, shape_errors(schema, content))
        parts = {_part(error) for error in shape_errors(schema, content)}
        if any(part[0] not in PARTS.get(schema, ()) for part in parts):
            return None
        for part in sorted(parts, key=lambda part: (part[0], str(part[1]).zfill(9)), reverse=True):
            names |= _taken(content, *part)
        if shape_errors(schema, content):
            return None
    return names


def still_true(problems: list[Problem], names: set[str]) -> Iterator[Problem]:
    """Yield what is wrong whatever was taken out: no figures, nothing about its names, and nothing that it may use."""
    for problem in problems:
        follows = problem.where.startswith("documented") or "nothing uses it" in problem.what
        if not follows and not names & set(re.findall(r"`([^`]+)`", problem.what)):
            yield problem


def _mend_keys(schema: str, errors: list[ValidationError]) -> None:
    """Give unknown keys the name that was probably meant, or drop them."""
    for error in map(words.deepest, errors):
        if error.validator == "additionalProperties":
            at: Map = words.found_in(error)
            known = words.allowed(error)
            for extra in [key for key in at if key not in known]:
                value = at.pop(extra)
                for guess in words.meant(schema, error, extra):
                    at.setdefault(guess, value)
                    at.lines.setdefault(guess, at.lines[extra])


def _part(error: ValidationError) -> Part:
    path = list(words.deepest(error).absolute_path)
    return (str(path[0]), path[1]) if len(path) > 1 else ("", 0)


def _taken(root: Map, kind: str, key: str | int) -> set[str]:
    """Take a part out, and return what others may call it."""
    held = root[kind]
    if isinstance(held, Seq) and isinstance(key, int):
        held.lines.pop(key)
        part = held.pop(key)
        called = (
            {str(part[word]) for word in ("name", "code", "status") if word in part} if isinstance(part, Map) else set()
        )
        return called | {f"{root.file.rpartition('/')[2].removesuffix('.yaml')}.{name}" for name in called}
    if isinstance(held, Map) and isinstance(key, str):
        held.pop(key)
    return {str(key)}
