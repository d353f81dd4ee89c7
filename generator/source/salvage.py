"""Removes the misshapen parts of a source, so that the mistakes in the rest are reported in the same run.

Without it, an author would mend a typing error only to hear of ten contradictions afterwards.
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
"""What can be taken out of a file one by one."""

Part = tuple[str, str | int]
"""Where in a file: `structs`, `Order`."""


def salvage(source: Source) -> set[str] | None:
    """Remove all that is misshapen; return the names of that, or None if the rest can't stand by itself."""
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
    """Yield what is wrong whatever stood in the parts that were taken out, which had these names."""
    for problem in problems:
        # What was taken out may have used the one, and been the other.
        follows = problem.code == "unused" or (problem.code == "unknown" and not removed.isdisjoint(problem.subjects))
        if not follows:
            yield problem


def _mend_keys(schema: str, errors: list[ValidationError]) -> None:
    """Give unknown keys the name that was probably meant, or drop them: then what they say is looked at, too."""
    for error in map(words.deepest, errors):
        if error.validator == "additionalProperties":
            at: Map = words.found_in(error)
            known = words.allowed(error)
            for extra in [key for key in at if key not in known]:
                value = at.pop(extra)
                for guess in words.written_now(schema, error, extra):
                    at.setdefault(guess, value)
                    at.lines.setdefault(guess, at.lines[extra])


def _part(error: ValidationError) -> Part:
    path = list(words.deepest(error).absolute_path)
    return (str(path[0]), path[1]) if len(path) > 1 else ("", 0)


def _pop_part(root: Map, kind: str, key: str | int) -> set[str]:
    """Remove a part, and return what others may call it: an operation by its group, too."""
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
