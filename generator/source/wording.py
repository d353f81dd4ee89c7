"""Says what a JSON Schema finds wrong so that the author of a spec understands it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonschema.exceptions import ValidationError

from generator.ground.problems import near, suggest
from generator.source.editions import old_word
from generator.source.load import Map, Seq
from generator.source.patterns import endless

LONGEST = 200
KINDS = {
    "string": "text",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}


class MissingKey(ValidationError):
    """A mapping lacks a key; jsonschema's own error says which one only in prose."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key!r} is missing")
        self.key = key


def deepest(error: ValidationError) -> ValidationError:
    """Prefer the alternative that fits best: the one whose error lies deepest."""
    while error.context and not _choices(error):
        error = max(error.context, key=lambda e: (len(e.absolute_path), e.validator != "type"))
    return error


def extras(schema: str, error: ValidationError) -> Iterator[tuple[str, str]]:
    """Yield each key that a mapping should not have, and what to say of it."""
    known = allowed(error)
    for extra in found_in(error):
        if extra not in known:
            old = old_word(schema, list(error.absolute_path), extra)
            others = suggest(extra, known) or "; there are " + ", ".join(known)
            yield extra, old.message if old else f"no key `{extra}` here{others}"


def guesses(schema: str, error: ValidationError) -> Iterator[tuple[int, str]]:
    """Yield (mapping, key) for each key that an unknown one was probably meant to be."""
    if error.validator == "additionalProperties":
        for extra in found_in(error):
            if extra not in allowed(error):
                yield from ((id(found_in(error)), guess) for guess in meant(schema, error, extra))


def written_now(schema: str, error: ValidationError, extra: str) -> tuple[str, ...]:
    """Return the keys under which the value of an unknown one can be read as it is."""
    old = old_word(schema, list(error.absolute_path), extra)
    return () if old and not old.renamed else meant(schema, error, extra)


def meant(schema: str, error: ValidationError, extra: str) -> tuple[str, ...]:
    """Return the keys that an unknown one was probably meant to be."""
    old = old_word(schema, list(error.absolute_path), extra)
    return old.keys if old else tuple(near(extra, allowed(error)))


def wanted(error: ValidationError) -> Any:  # Any: whatever the keyword of the schema has
    """Return what the schema wants."""
    return error.validator_value


def found_in(error: ValidationError) -> Any:  # Any: whatever the file has there
    """Return what the file has."""
    return error.instance


def missing(error: ValidationError) -> set[tuple[int, str]]:
    """Return (mapping, key) for the keys of which an error says that they are missing."""
    keys = [error.key] if isinstance(error, MissingKey) else _choices(error)
    return {(id(found_in(error)), key) for key in keys}


def message_of(error: ValidationError) -> str:
    """Say an error in words."""
    by_keyword = {"required": _required, "dependentRequired": _required, "oneOf": _one_of, "enum": _none_of}
    by_keyword |= {
        "format": _regex,
        "maxProperties": _at_most,
        "pattern": _pattern,
        "type": _type,
        "uniqueItems": _twice,
        "minimum": _range,
        "maximum": _range,
    }
    words = by_keyword.get(str(error.validator), _size)(error)
    return words or _shortened(error.message)


def _required(error: ValidationError) -> str:
    assert isinstance(error, MissingKey)
    what = f"`{error.key}` is missing"
    return f"{what}; {' and '.join(_needing(error))} cannot do without it" if _needing(error) else what


def _needing(error: MissingKey) -> list[str]:
    """Return the keys that are there and need the one that is missing."""
    if error.validator == "required":
        return []
    return [f"`{word}`" for word, needs in wanted(error).items() if error.key in needs and word in found_in(error)]


def _one_of(error: ValidationError) -> str:
    return f"exactly one of {', '.join(_choices(error))} must stand here" if _choices(error) else ""


def _none_of(error: ValidationError) -> str:
    words = [str(word) for word in wanted(error)]
    return f"{_value_text(found_in(error))} is none of {', '.join(words)}{suggest(str(found_in(error)), words)}"


def _pattern(error: ValidationError) -> str:
    told = error.schema.get("description", "") if isinstance(error.schema, dict) else ""
    return f"{_value_text(found_in(error))} does not fit {wanted(error)}: {told}".removesuffix(": ")


def _type(error: ValidationError) -> str:
    kinds = [wanted(error)] if isinstance(wanted(error), str) else wanted(error)
    return f"{_value_text(found_in(error))} stands where {' or '.join(KINDS[kind] for kind in kinds)} belongs"


def _range(error: ValidationError) -> str:
    return f"{found_in(error)} is {'less' if error.validator == 'minimum' else 'more'} than {wanted(error)}"


def _twice(error: ValidationError) -> str:
    members = [str(member) for member in found_in(error)]
    return f"`{next(member for member in members if members.count(member) > 1)}` stands here twice"


def _regex(error: ValidationError) -> str:
    if wanted(error) != "regex":
        return ""
    if endless(str(error.instance)):
        return f"{_value_text(error.instance)} can take forever: a repetition without end stands inside another"
    return f"{_value_text(error.instance)} is no regular expression"


def _at_most(error: ValidationError) -> str:
    return f"no more than {wanted(error)} of {', '.join(allowed(error))} may stand here" if allowed(error) else ""


def _size(error: ValidationError) -> str:
    least = ("minLength", "minItems", "minProperties")
    return "is empty" if error.validator in least and wanted(error) == 1 else ""


def allowed(error: ValidationError) -> list[str]:
    """Return the keys that may stand there."""
    return list(error.schema.get("properties", {})) if isinstance(error.schema, dict) else []


def _choices(error: ValidationError) -> list[str]:
    """Return the keys of which a mapping needs exactly one, where that is the error."""
    branches = wanted(error) if error.validator == "oneOf" else []
    if not all(isinstance(branch, dict) and set(branch) == {"required"} for branch in branches):
        return []
    return [key for branch in branches for key in branch["required"]]


def _value_text(value: object) -> str:
    if isinstance(value, Map):
        return "a mapping"
    if isinstance(value, Seq):
        return "a list"
    if value is None:
        return "nothing"
    return f"`{_shortened(str(value).lower() if isinstance(value, bool) else str(value))}`"


def _shortened(text: str) -> str:
    return text if len(text) < LONGEST else text[:LONGEST] + "…"
