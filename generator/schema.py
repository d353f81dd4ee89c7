"""Checks the shape of spec files against the JSON Schemas, with lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.load import Map, Seq, Source
from generator.problems import Problem, suggest

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

SCHEMAS = Path(__file__).parent.parent / "specs" / "schema"
FIXED = {"api.yaml": "api.json", "types.yaml": "types.json", "errors.yaml": "errors.json"}


def check_shape(source: Source, prefix: str) -> Iterator[Problem]:
    """Yield what the schemas find wrong in the files of one API."""
    for name, content in source.files.items():
        schema = schema_of(name)
        if schema is None:
            yield Problem(f"{prefix}/{name}", 1, "file", "no such file in the spec language")
            continue
        for error in _validator(schema).iter_errors(content):
            yield _problem(content, error)


def schema_of(name: str) -> str | None:
    """Return the schema for a file of an API's folder."""
    if re.fullmatch(r"rest/[a-z][a-z0-9_]*\.yaml", name):
        return "rest.json"
    return FIXED.get(name)


@cache
def _validator(schema: str) -> Draft202012Validator:
    from jsonschema import Draft202012Validator, FormatChecker, validators
    from referencing import Registry, Resource

    documents = {path.name: json.loads(path.read_text("utf-8")) for path in sorted(SCHEMAS.glob("*.json"))}
    registry: Registry[Any] = Registry()  # Any: schemas are JSON
    registry = registry.with_resources(
        [(name, Resource.from_contents(document)) for name, document in documents.items()]
    )
    checker = Draft202012Validator.TYPE_CHECKER.redefine("number", _is_number)
    validator: type[Draft202012Validator] = validators.extend(  # type: ignore[no-untyped-call]
        Draft202012Validator, type_checker=checker
    )
    return validator(documents[schema], registry=registry, format_checker=FormatChecker(["regex"]))


def _is_number(_: object, value: object) -> bool:
    from decimal import Decimal

    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def _problem(root: Map, error: ValidationError) -> Problem:
    error = _deepest(error)
    line, where = _place(root, list(error.absolute_path))
    return Problem(root.file, _line_of_extra(root, error) or line, where, _what(error))


def _deepest(error: ValidationError) -> ValidationError:
    """Prefer the alternative that fits best: the one whose error lies deepest."""
    while error.context:
        error = max(error.context, key=lambda e: (len(e.absolute_path), e.validator != "type"))
    return error


def _what(error: ValidationError) -> str:
    if error.validator == "additionalProperties":
        extra, known = _extra(error)
        return f"no key `{extra}` here{suggest(extra, known)}"
    if error.validator == "required":
        missing = re.match(r"'([^']+)'", error.message)
        return f"`{missing.group(1)}` is missing" if missing else error.message
    if error.validator == "enum":
        words = [str(word) for word in error.schema["enum"]]  # type: ignore[index]  # an object schema, or this keyword would not be
        return f"`{error.instance}` is none of {', '.join(words)}{suggest(str(error.instance), words)}"
    if error.validator == "pattern":
        return f"`{error.instance}` does not fit {error.validator_value}"
    text = error.message
    return text if len(text) < 200 else text[:200] + "…"


def _extra(error: ValidationError) -> tuple[str, list[str]]:
    known = list(error.schema.get("properties", {})) if isinstance(error.schema, dict) else []
    instance = error.instance if isinstance(error.instance, dict) else {}
    return next((key for key in instance if key not in known), "?"), known


def _line_of_extra(root: Map, error: ValidationError) -> int | None:
    if error.validator == "additionalProperties" and isinstance(error.instance, Map):
        return error.instance.line_of(_extra(error)[0])
    return None


def _place(root: Map, path: list[str | int]) -> tuple[int, str]:
    """Find the line of a path, and say it with names instead of numbers."""
    line, words = root.line, list[str]()
    value: object = root
    for step in path:
        if isinstance(value, Map) and isinstance(step, str):
            line, value = value.line_of(step), value[step]
            words.append(step)
        elif isinstance(value, Seq) and isinstance(step, int):
            line, value = value.lines[step], value[step]
            words.append(_label(value, step))
    return line, ".".join(words) or "file"


def _label(value: object, index: int) -> str:
    if isinstance(value, Map):
        for key in ("name", "code"):
            if isinstance(value.get(key), (str, int)):
                return str(value[key])
    return str(index)
