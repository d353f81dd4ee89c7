"""Decides quickly whether a file obeys its schema; jsonschema, which is slow, reads only those that do not.

Nearly every file is sound, and jsonschema takes most of a run to say so: it collects errors, and walks the schema again
for each value. Here a schema becomes functions once, which answer yes or no. They know the keywords that our schemas
use; of a schema with another one, nothing is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from generator.source.patterns import exact_pattern, is_regex

Is = Callable[[Any], bool]  # Any: YAML on the one side, JSON Schema on the other
Schemas = Mapping[str, Any]

SAYING_NOTHING = frozenset({"$schema", "$id", "$defs", "title", "description", "x-open"})
TYPES: dict[str, Is] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    # The loader reads numbers as Decimal.
    "number": lambda value: isinstance(value, (int, Decimal)) and not isinstance(value, bool),
}


class UnknownKeyword(Exception):
    """A schema says something that is not known here."""


class Sound:
    """Judges files by schemas."""

    def __init__(self, schemas: Schemas) -> None:
        """Take the schemas by the names of their files."""
        self._schemas = schemas
        self._known: dict[str, Is] = {}

    def __call__(self, schema: str, content: object) -> bool:
        """Whether a file certainly obeys a schema; what is not known counts as no."""
        try:
            return self._target(f"{schema}#")(content)
        except UnknownKeyword:
            return False

    def _target(self, place: str) -> Is:
        """Return what judges by a place of a schema: `defs.json#/$defs/name`."""
        if place not in self._known:
            # For a schema that contains itself: by the time that a value is judged, its place is known.
            self._known[place] = partial(self._judge_at, place)
            file, _, path = place.partition("#")
            found = self._schemas[file]
            for step in filter(None, path.split("/")):
                found = found[step]
            self._known[place] = self._judge(found, file)
        return self._known[place]

    def _judge_at(self, place: str, value: Any) -> bool:
        return self._known[place](value)

    def _judge(self, schema: Any, file: str) -> Is:
        if isinstance(schema, bool):
            return lambda _: schema
        judges = [self._keyword(schema, key, file) for key in schema if key not in SAYING_NOTHING]
        if len(judges) == 1:
            return judges[0]
        return lambda value: all(judge(value) for judge in judges)

    def _keyword(self, schema: Any, key: str, file: str) -> Is:
        said = schema[key]
        if key == "$ref":
            name, _, place = said.partition("#")
            return self._target(f"{name or file}#{place}")
        if key in ("oneOf", "anyOf"):
            several = [self._judge(each, file) for each in said]
            if key == "anyOf":
                return lambda value: any(judge(value) for judge in several)
            return lambda value: sum(judge(value) for judge in several) == 1
        if key == "properties":
            return partial(_have_values, {name: self._judge(each, file) for name, each in said.items()})
        if key == "additionalProperties":
            return partial(_are_others, frozenset(schema.get("properties", ())), self._judge(said, file))
        if key == "items":
            return partial(_are_items, self._judge(said, file))
        if key == "propertyNames":
            return partial(_are_names, self._judge(said, file))
        if key not in SIMPLE:
            raise UnknownKeyword(key)
        return SIMPLE[key](said)


def _have_values(judges: Mapping[str, Is], value: Any) -> bool:
    return not isinstance(value, dict) or all(judges[key](each) for key, each in value.items() if key in judges)


def _are_others(known: frozenset[str], judge: Is, value: Any) -> bool:
    return not isinstance(value, dict) or all(judge(each) for key, each in value.items() if key not in known)


def _are_items(judge: Is, value: Any) -> bool:
    return not isinstance(value, list) or all(judge(each) for each in value)


def _are_names(judge: Is, value: Any) -> bool:
    return not isinstance(value, dict) or all(judge(key) for key in value)


def _type(said: Any) -> Is:
    if isinstance(said, str):
        return TYPES[said]
    several = [TYPES[each] for each in said]
    return lambda value: any(judge(value) for judge in several)


def _enum(said: Any) -> Is:
    # True is no 1, and a text no number.
    texts = {each for each in said if isinstance(each, str)}
    others = [each for each in said if not isinstance(each, str)]
    if any(isinstance(each, (dict, list)) for each in others):
        raise UnknownKeyword("enum")
    return lambda value: (
        value in texts
        if isinstance(value, str)
        else any(each == value and isinstance(each, bool) is isinstance(value, bool) for each in others)
    )


def _pattern(said: str) -> Is:
    found = exact_pattern(said).search
    return lambda value: not isinstance(value, str) or found(value) is not None


def _format(said: str) -> Is:
    return is_regex if said == "regex" else lambda _: True


def _required(said: Any) -> Is:
    keys = frozenset(said)
    return lambda value: not isinstance(value, dict) or keys <= value.keys()


def _dependent(said: Any) -> Is:
    return lambda value: not isinstance(value, dict) or all(
        value.keys() >= {*keys} for key, keys in said.items() if key in value
    )


def _size(kind: type, of: Callable[[Any], int], most: bool) -> Callable[[Any], Is]:
    if most:
        return lambda said: lambda value: not isinstance(value, kind) or of(value) <= said
    return lambda said: lambda value: not isinstance(value, kind) or of(value) >= said


def _unique(said: Any) -> Is:
    return lambda value: not said or not isinstance(value, list) or _are_different(value)


def _are_different(members: list[Any]) -> bool:
    if all(isinstance(member, str) for member in members):
        return len({*members}) == len(members)
    return not any(
        one == other and isinstance(one, bool) is isinstance(other, bool)
        for index, one in enumerate(members)
        for other in members[:index]
    )


SIMPLE: dict[str, Callable[[Any], Is]] = {
    "type": _type,
    "enum": _enum,
    "const": lambda said: _enum([said]),
    "pattern": _pattern,
    "format": _format,
    "required": _required,
    "dependentRequired": _dependent,
    "uniqueItems": _unique,
    "minItems": _size(list, len, most=False),
    "maxItems": _size(list, len, most=True),
    "minProperties": _size(dict, len, most=False),
    "maxProperties": _size(dict, len, most=True),
    # A description of blanks is empty.
    "minLength": _size(str, lambda value: len(value.strip()), most=False),
    "minimum": lambda said: lambda value: not TYPES["number"](value) or value >= said,
    "maximum": lambda said: lambda value: not TYPES["number"](value) or value <= said,
}
