"""Validates spec files against the JSON Schemas, and reports errors with line numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache as once
from typing import TYPE_CHECKING, Any

from generator.ground.cache import NOWHERE, Cache, digest
from generator.ground.problems import Problem, suggest
from generator.ground.tree import SCHEMAS, contents
from generator.source.editions import old_shape
from generator.source.load import Map, Seq, Source
from generator.source.patterns import exact_pattern, is_regex
from generator.source.sound import Sound

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

FIXED = {
    "api.yaml": "api.json",
    "types.yaml": "types.json",
    "errors.yaml": "errors.json",
    "streams.yaml": "streams.json",
    "docs.yaml": "docs.json",
    "history.yaml": "history.json",
}
"""File of an API → its schema; every other file describes a group."""
GROUP_FILE = re.compile(r"rest/[a-z][a-z0-9]*(_[a-z0-9]+)*\.yaml")


def check_shape(source: Source, prefix: str, cache: Cache = NOWHERE) -> Iterator[Problem]:
    """Yield what the schemas find wrong in the files of one API; valid files are cached by hash and schemas."""
    with cache.pieces(f"shapes/{source.name}") as sound:
        for name, content in source.files.items():
            schema = schema_of(name)
            if schema is None:
                yield Problem(f"{prefix}/{name}", 1, "file", _no_such_file(name))
                continue
            key = digest([_schemas(), schema.encode(), source.hashes.get(name, "").encode()])
            if not source.hashes.get(name) or sound.get(key) is None:
                errors = shape_errors(schema, content)
                yield from _problems(schema, content, errors) if errors else ()
                if not errors:
                    sound.keep(key, name)


def schema_of(name: str) -> str | None:
    """Return the schema for a file of an API's folder."""
    return "rest.json" if GROUP_FILE.fullmatch(name) else FIXED.get(name)


def shape_errors(schema: str, content: Map) -> list[ValidationError]:
    """Return the schema errors of a file's content."""
    # Nearly every file is sound, and jsonschema would take most of the time of a run to say so.
    return [] if _sound()(schema, content) else list(_validator(schema).iter_errors(content))


def _no_such_file(name: str) -> str:
    if name.startswith("rest/"):
        return "a group's file is rest/<group>.yaml, with the group in snake case; rename it"
    return f"is not a file of the spec language{suggest(name, FIXED)}"


@once
def _schemas() -> bytes:
    return digest(contents(SCHEMAS, "*.json")).encode()


@once
def _documents() -> dict[str, Any]:  # Any: schemas are JSON
    return {path.name: json.loads(path.read_text("utf-8")) for path in sorted(SCHEMAS.glob("*.json"))}


@once
def _sound() -> Sound:
    return Sound(_documents())


@once
def _validator(schema: str) -> Draft202012Validator:
    # Imported late: a run in which all files are cached needs none of it, and it is slow to import.
    from jsonschema import Draft202012Validator, FormatChecker, validators
    from referencing import Registry, Resource

    documents = _documents()
    registry: Registry[Any] = Registry()
    registry = registry.with_resources(
        [(name, Resource.from_contents(document)) for name, document in documents.items()]
    )
    # The loader reads numbers as Decimal, which jsonschema doesn't know.
    checker = Draft202012Validator.TYPE_CHECKER.redefine("number", _is_number)
    validator: type[Draft202012Validator] = validators.extend(  # type: ignore[no-untyped-call]
        Draft202012Validator,
        {
            "pattern": _match_pattern,
            "minLength": _check_length,
            "required": _missing_keys,
            "dependentRequired": _missing_companions,
        },
        type_checker=checker,
    )
    whole = _inline_references(documents[schema], schema, documents)
    formats = FormatChecker([])
    formats.checks("regex")(is_regex)
    return validator(whole, registry=registry, format_checker=formats)


def _inline_references(value: Any, file: str, documents: dict[str, Any], above: frozenset[str] = frozenset()) -> Any:
    """Replace references by their targets, except in cycles: resolving them takes half of the validation time."""
    if isinstance(value, list):
        return [_inline_references(member, file, documents, above) for member in value]
    if not isinstance(value, dict):
        return value
    if not isinstance(value.get("$ref"), str):
        return {key: _inline_references(member, file, documents, above) for key, member in value.items()}
    name, _, place = value["$ref"].partition("#")
    absolute = f"{name or file}#{place}"
    # Keywords beside a reference apply in addition to it, so such a reference must stay.
    if absolute in above or not value.keys() <= {"$ref", "description"}:
        return value | {"$ref": absolute}
    target = documents[name or file]
    for step in place.removeprefix("/").split("/"):
        target = target[step] if step else target
    return _inline_references(target, name or file, documents, above | {absolute})


def _is_number(_: object, value: object) -> bool:
    from decimal import Decimal

    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def _match_pattern(_: object, pattern: str, value: object, __: object) -> Iterator[ValidationError]:
    from jsonschema.exceptions import ValidationError

    if isinstance(value, str) and not exact_pattern(pattern).search(value):
        yield ValidationError(f"{value!r} does not fit {pattern}")


def _missing_keys(_: object, keys: list[str], value: object, __: object) -> Iterator[ValidationError]:
    from generator.source.wording import MissingKey

    if isinstance(value, dict):
        yield from (MissingKey(key) for key in keys if key not in value)


def _missing_companions(_: object, needs: dict[str, list[str]], value: object, __: object) -> Iterator[ValidationError]:
    for key, keys in needs.items():
        if isinstance(value, dict) and key in value:
            yield from _missing_keys(_, keys, value, __)


def _check_length(_: object, least: int, value: object, __: object) -> Iterator[ValidationError]:
    """Apply `minLength` to the text without surrounding blanks: a description of blanks is empty."""
    from jsonschema.exceptions import ValidationError

    if isinstance(value, str) and len(value.strip()) < least:
        yield ValidationError(f"{value!r} is too short")


def _problems(schema: str, root: Map, errors: list[ValidationError]) -> Iterator[Problem]:
    """Yield each mistake once: a required key that is misspelled is not reported as missing, too."""
    from generator.source import wording as words

    errors = [words.deepest(error) for error in errors]
    guessed = {guess for error in errors for guess in words.guesses(schema, error)}
    for error in errors:
        line, where = _place(root, error)
        if error.validator == "additionalProperties":
            for extra, what in words.extras(schema, error):
                yield Problem(root.file, words.value_in(error).line_of(extra), where, what)
        elif not guessed & words.missing_keys(error):
            shape = old_shape(schema, list(error.absolute_path), error.instance)
            yield Problem(root.file, line, where, shape.message if shape else words.message_of(error))


def _place(root: Map, error: ValidationError) -> tuple[int, str]:
    """Return the line of an error, and its path with names instead of list indexes."""
    line, words = root.line, list[str]()
    value: object = root
    for step in error.absolute_path:
        if isinstance(value, Map) and isinstance(step, str):
            line, value = value.line_of(step), value[step]
            words.append(step)
        elif isinstance(value, Seq) and isinstance(step, int):
            line, value = value.lines[step], value[step]
            words.append(_label(value, step))
    # The error is about a key, not about its value: the path ends at the mapping.
    if "propertyNames" in error.absolute_schema_path and isinstance(value, Map):
        line = value.line_of(str(error.instance))
    return line, ".".join(words) or "file"


def _label(value: object, index: int) -> str:
    if isinstance(value, Map):
        for key in ("name", "code"):
            if isinstance(value.get(key), (str, int)):
                return str(value[key])
    return str(index)
