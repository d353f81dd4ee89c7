"""Words JSON Schema errors for the author of a spec."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jsonschema.exceptions import ValidationError

from generator.ground.problems import near, suggest
from generator.source.editions import old_word
from generator.source.load import Map, Seq
from generator.source.patterns import endless

LONGEST = 200
"""Characters of a wrong value that a message shows."""
WALLETS = ("eip712", "eip-712", "starkex", "stark", "keccak", "secp256k1", "solana", "cosmos")
"""Ways to sign that need a wallet."""
KINDS = {
    "string": "text",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}
UNQUOTED = {
    "boolean": re.compile("true|false"),
    "integer": re.compile("-?(0|[1-9][0-9]*)"),
    "number": re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?"),
}
"""What a text would be of another type without its quotes; YAML reads quoted words as texts."""


class MissingKey(ValidationError):
    """A mapping lacks a key; jsonschema's own error says which one only in prose."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key!r} is missing")
        self.key = key


def deepest(error: ValidationError) -> ValidationError:
    """Return the error of the alternative that fits best: the one whose error lies deepest."""
    while error.context and not _choices(error):
        error = max(error.context, key=lambda e: (len(e.absolute_path), e.validator != "type"))
    return error


def extras(schema: str, error: ValidationError) -> Iterator[tuple[str, str]]:
    """Yield each key that a mapping must not have, with its message."""
    known = allowed_keys(error)
    for extra in value_in(error):
        if extra not in known:
            old = old_word(schema, list(error.absolute_path), extra)
            others = suggest(extra, known) or _other_keys(extra, known)
            yield extra, old.message if old else f"unknown key `{extra}`{others}"


def _other_keys(extra: str, known: list[str]) -> str:
    """Say which keys there are; what has a blank or a point was never meant as a key."""
    if " " in extra or extra.endswith("."):
        return "; put a text that contains a comma in quotes"
    return "; known keys are " + ", ".join(known)


def guesses(schema: str, error: ValidationError) -> Iterator[tuple[int, str]]:
    """Yield (mapping, key) for each key that an unknown one was probably meant to be."""
    if error.validator == "additionalProperties":
        for extra in value_in(error):
            if extra not in allowed_keys(error):
                yield from ((id(value_in(error)), guess) for guess in intended_keys(schema, error, extra))


def current_keys(schema: str, error: ValidationError, extra: str) -> tuple[str, ...]:
    """Return the keys under which the value of an unknown key can be read unchanged."""
    old = old_word(schema, list(error.absolute_path), extra)
    return () if old and not old.renamed else intended_keys(schema, error, extra)


def intended_keys(schema: str, error: ValidationError, extra: str) -> tuple[str, ...]:
    """Return the keys that an unknown key probably stands for."""
    old = old_word(schema, list(error.absolute_path), extra)
    return old.keys if old else tuple(near(extra, allowed_keys(error)))


def keyword_value(error: ValidationError) -> Any:  # Any: whatever the keyword of the schema has
    """Return the value of the schema's keyword: a list of required keys, a minimum, a type."""
    return error.validator_value


def value_in(error: ValidationError) -> Any:  # Any: whatever the file has there
    """Return the value in the file."""
    return error.instance


def missing_keys(error: ValidationError) -> set[tuple[int, str]]:
    """Return (id of the mapping, key) for the keys that an error reports as missing."""
    keys = [error.key] if isinstance(error, MissingKey) else _choices(error)
    return {(id(value_in(error)), key) for key in keys}


def message_of(error: ValidationError) -> str:
    """Return the message of an error."""
    by_keyword = {
        "required": _missing_words,
        "dependentRequired": _missing_words,
        "oneOf": _choice_words,
        "enum": _enum_words,
    }
    by_keyword |= {
        "format": _regex_words,
        "maxProperties": _at_most_words,
        "pattern": _pattern_words,
        "type": _type_words,
        "uniqueItems": _repeat_words,
        "minimum": _range_words,
        "maximum": _range_words,
    }
    words = by_keyword.get(str(error.validator), _size_words)(error)
    return words or _shorten(error.message)


def _missing_words(error: ValidationError) -> str:
    assert isinstance(error, MissingKey)
    what = f"`{error.key}` is missing"
    words = _dependents(error)
    return f"{what}; {' and '.join(words)} require{'s' if len(words) == 1 else ''} it" if words else what


def _dependents(error: MissingKey) -> list[str]:
    """Return the present keys that require the missing one."""
    if error.validator == "required":
        return []
    return [
        f"`{word}`" for word, needs in keyword_value(error).items() if error.key in needs and word in value_in(error)
    ]


def _choice_words(error: ValidationError) -> str:
    return f"exactly one of {', '.join(_choices(error))} is required here" if _choices(error) else ""


def _enum_words(error: ValidationError) -> str:
    words = [str(word) for word in keyword_value(error)]
    if isinstance(error.schema, dict) and error.schema.get("x-open"):
        return _missing_word(str(value_in(error)), words)
    return f"{_value_text(value_in(error))} is not one of {', '.join(words)}{suggest(str(value_in(error)), words)}"


def _missing_word(word: str, known: list[str]) -> str:
    """Say that the language lacks a word. A guess would lead astray: `sha256` is near `sha512`, and signs otherwise."""
    if any(name in word.lower() for name in WALLETS):
        return (
            f"`{word}` signs with the key of a wallet, which is out of scope: "
            "such a key moves funds by itself, and its requests are transactions of a chain"
        )
    same = [name for name in known if _letters(name) == _letters(word)]
    if len(same) == 1:  # `hex` and `HEX` are two words
        return f"no `{word}`; write `{same[0]}`"
    return f"the language has no `{word}` yet, only {', '.join(known)}; CONTRIBUTING.md says where to add a word"


def _letters(word: str) -> str:
    """Return a word without case and signs: `HMAC_SHA256` is `hmac-sha256`, written otherwise."""
    return re.sub(r"[\W_]", "", word).lower()


def _pattern_words(error: ValidationError) -> str:
    """Say what the key means, and only then the pattern, which not everybody reads."""
    value, pattern, meaning = _value_text(value_in(error)), keyword_value(error), _meaning(error)
    return f"{value} does not fit: {meaning} (pattern {pattern})" if meaning else f"{value} does not match {pattern}"


def _type_words(error: ValidationError) -> str:
    value, kinds = value_in(error), keyword_value(error)
    kinds = [kinds] if isinstance(kinds, str) else kinds
    words = f"expected {' or '.join(KINDS[kind] for kind in kinds)}, found {_value_text(value)}"
    if isinstance(value, str) and any(UNQUOTED[kind].fullmatch(value) for kind in kinds if kind in UNQUOTED):
        return f"{words} as a text; remove the quotes"
    if "array" in kinds and isinstance(value, str | int):
        return f"{words}; write [{value}]"
    # A number has no unit: `15` where a length of time belongs.
    return f"{words}: {_meaning(error)}" if "string" in kinds and _meaning(error) else words


def _meaning(error: ValidationError) -> str:
    """Return what the schema says of the key, if it says anything."""
    return str(error.schema.get("description", "")) if isinstance(error.schema, dict) else ""


def _range_words(error: ValidationError) -> str:
    return f"{value_in(error)} is {'less' if error.validator == 'minimum' else 'more'} than {keyword_value(error)}"


def _repeat_words(error: ValidationError) -> str:
    members = [str(member) for member in value_in(error)]
    return f"`{next(member for member in members if members.count(member) > 1)}` is listed twice"


def _regex_words(error: ValidationError) -> str:
    if keyword_value(error) != "regex":
        return ""
    if endless(str(error.instance)):
        return (
            f"{_value_text(error.instance)} can take forever to match: an unbounded repetition is nested inside another"
        )
    return f"{_value_text(error.instance)} is not a regular expression"


def _at_most_words(error: ValidationError) -> str:
    return (
        f"at most {keyword_value(error)} of {', '.join(allowed_keys(error))} may be given"
        if allowed_keys(error)
        else ""
    )


def _size_words(error: ValidationError) -> str:
    least = ("minLength", "minItems", "minProperties")
    return "is empty" if error.validator in least and keyword_value(error) == 1 else ""


def allowed_keys(error: ValidationError) -> list[str]:
    """Return the keys that the schema allows here."""
    return list(error.schema.get("properties", {})) if isinstance(error.schema, dict) else []


def _choices(error: ValidationError) -> list[str]:
    """Return the keys of which a mapping needs exactly one, if that is the error."""
    branches = keyword_value(error) if error.validator == "oneOf" else []
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
    return f"`{_shorten(str(value).lower() if isinstance(value, bool) else str(value))}`"


def _shorten(text: str) -> str:
    return text if len(text) < LONGEST else text[:LONGEST] + "…"
