"""Writes parameters as text: percent-encoded or not, with marks where a shell's variables will stand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from generator.ground.json_text import Bare, json_text
from generator.model.fitting import wire_text
from generator.model.types import Json

OPEN, CLOSE = "\ue000", "\ue001"
"""Characters for private use: no exchange writes them, and `without_marks` takes them out of what a spec says."""

_VARIABLE = re.compile(f"({OPEN}\\w+{CLOSE})")


def variable(name: str) -> Bare:
    """Return what stands for a shell variable in a text until the text is quoted for the shell."""
    # Without quotes: the shell puts a number or a text there, and `word` in reference/ quotes what needs it.
    return Bare(f"{OPEN}{name}{CLOSE}")


def without_marks(value: Json) -> Json:
    """Return a value in which nothing looks like a variable."""
    if isinstance(value, dict):
        return {key: without_marks(member) for key, member in value.items()}
    if isinstance(value, list):
        return [without_marks(member) for member in value]
    # A spec may come from anywhere: a marked name in its text would print a variable of the reader's shell.
    return value.replace(OPEN, "").replace(CLOSE, "") if isinstance(value, str) else value


def percent(text: str) -> str:
    """Percent-encode a text, its variables aside."""
    parts = _VARIABLE.split(text)  # with a group in the pattern, every second part is a variable
    return "".join(part if index % 2 else quote(part, safe="-._~") for index, part in enumerate(parts))


def query_text(value: Json) -> str:
    """Print a value as it stands in a query: objects are compact JSON."""
    return json_text(value) if isinstance(value, (dict, list)) else wire_text(value)


def pairs_text(pairs: Iterable[tuple[str, Json]]) -> str:
    """Write parameters as k=v joined by &, percent-encoded; lists are repeated."""
    return "&".join(f"{percent(key)}={percent(query_text(value))}" for key, value in flat(pairs))


def raw_pairs_text(pairs: Iterable[tuple[str, Json]]) -> str:
    """Write parameters as `pairs_text` does, but nothing percent-encoded."""
    return "&".join(f"{key}={query_text(value)}" for key, value in flat(pairs))


def flat(pairs: Iterable[tuple[str, Json]]) -> list[tuple[str, Json]]:
    """Return the pairs with each list as one pair for each of its items."""
    return [(key, member) for key, value in pairs for member in (value if isinstance(value, list) else [value])]
