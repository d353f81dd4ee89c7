"""Removes the invalid parts of a source, so that one run reports the mistakes in the rest, too.

Without it, an author would fix a typing error only to get ten more problems in the next run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
"""Parts that can be removed from a file one by one. Of api.yaml and streams.yaml none can: all else builds on them."""

Part = tuple[str, str | int]
"""Place in a file, such as (`structs`, `Order`)."""


def salvage(source: Source) -> set[str] | None:
    """Remove invalid parts; return their names, or None if the rest can't be built without them."""
    names: set[str] = set()
    for file, content in source.files.items():
        schema = schema_of(file)
        if schema is None:
            return None
        _mend_keys(schema, shape_errors(schema, content))
        parts = {_part(error) for error in shape_errors(schema, content)}
        if any(part[0] not in PARTS.get(schema, ()) for part in parts):
            return None
        # From the end, so that the positions in lists of what is still to be removed stay true; padded, 10 is after 9.
        for part in sorted(parts, key=lambda part: (part[0], str(part[1]).zfill(9)), reverse=True):
            names |= _pop_part(content, *part)
        if shape_errors(schema, content):
            return None
    return names


def still_true(problems: Iterable[Problem], removed: set[str]) -> Iterator[Problem]:
    """Yield the problems that remain whatever the removed parts, which had these names, contained."""
    for problem in problems:
        # A removed part may have used what now seems unused, or have been what now seems unknown.
        follows = problem.code == "unused" or (problem.code == "unknown" and not removed.isdisjoint(problem.subjects))
        if not follows:
            yield problem


def _mend_keys(schema: str, errors: list[ValidationError]) -> None:
    """Rename unknown keys to what was probably meant, or drop them, so that their values are checked, too."""
    for error in map(words.deepest, errors):
        if error.validator == "additionalProperties":
            at: Map = words.value_in(error)
            known = words.allowed_keys(error)
            for extra in [key for key in at if key not in known]:
                value = at.pop(extra)
                for guess in words.current_keys(schema, error, extra):
                    at.setdefault(guess, value)
                    at.lines.setdefault(guess, at.lines[extra])


def _part(error: ValidationError) -> Part:
    path = list(words.deepest(error).absolute_path)
    return (str(path[0]), path[1]) if len(path) > 1 else ("", 0)


def _pop_part(root: Map, kind: str, key: str | int) -> set[str]:
    """Remove a part; return the names by which others refer to it: an operation also by group and name."""
    parts = root[kind]
    if isinstance(parts, Seq) and isinstance(key, int):
        parts.lines.pop(key)
        part = parts.pop(key)
        names = (
            {str(part[word]) for word in ("name", "code", "status") if word in part} if isinstance(part, Map) else set()
        )
        return names | {f"{root.file.rpartition('/')[2].removesuffix('.yaml')}.{name}" for name in names}
    if isinstance(parts, Map) and isinstance(key, str):
        parts.pop(key)
    return {str(key)}
