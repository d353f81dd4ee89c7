"""Typed access to loaded YAML whose shape the schemas have checked."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import cast

from generator.ground.problems import Code, Problem, suggest
from generator.model.documentation import Quirk
from generator.model.types import Json, Scalar
from generator.source.load import Map, Seq

Path = tuple[str | int, ...]
"""Keys and list indexes, from the outside in."""

SPANS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}

FEW = 8
"""How many words a problem still lists, where none of them is near the wrong one."""


class Notes:
    """Collects problems at places of the spec."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(
        self, at: Map, key: str, where: str, what: str, code: Code = "wrong", subjects: tuple[str, ...] = ()
    ) -> None:
        """Note a problem at a key of a mapping."""
        self.problems.append(Problem(at.file, at.line_of(key), where, what, code, subjects))

    def check_known(
        self, at: Map, key: str, where: str, word: str, known: Iterable[str], what: str, code: Code = "unknown"
    ) -> bool:
        """Note a word that is not one of the known ones; return whether it is."""
        names = list(known)
        if word not in names:
            others = suggest(word, names) or _few(names)
            self.add(at, key, where, f"no {what} `{word}`{others}", code, (word,))
        return word in names

    def check_unique(self, entries: Iterable[Map], key: str, where: str) -> None:
        """Note each entry whose value at a key an earlier entry has, too."""
        first: dict[str, Map] = {}
        for at in entries:
            value = str(at[key])
            if value in first:
                line = first[value].line_of(key)
                self.add(at, key, f"{where}.{value}", f"this {key} is used twice (first in line {line})")
            first.setdefault(value, at)

    def add_inside(self, at: Map, key: str, path: Iterable[str | int], where: str, what: str) -> None:
        """Note a problem deep inside the value at a key."""
        line, value = at.line_of(key), at.get(key)
        for step in path:
            if isinstance(value, Map) and step in value:
                line, value = value.line_of(str(step)), value[str(step)]
            elif isinstance(value, Seq) and isinstance(step, int) and step < len(value):
                line, value = value.lines[step], value[step]
        self.problems.append(Problem(at.file, line, where, what))


def _few(known: list[str]) -> str:
    """Return the words that there are, if a problem can list them."""
    words = ", ".join(f"`{word}`" for word in sorted(known))  # some are sets, whose order changes from run to run
    return f"; {'known are' if len(known) > 1 else 'there is only'} {words}" if 0 < len(known) <= FEW else ""


EMPTY = Map("", 0)
"""Stands for a mapping that is missing."""


def text(at: Map, key: str) -> str:
    """Return a required text on one line."""
    # Prose is wrapped in YAML, and its line breaks would end a docstring's or a table's line.
    return " ".join(str(at[key]).split())


def maybe_text(at: Map, key: str) -> str | None:
    """Return a text on one line, or None."""
    return text(at, key) if at.get(key) is not None else None


def exact(at: Map, key: str) -> str | None:
    """Return a text unchanged, or None."""
    return str(at[key]) if at.get(key) is not None else None


def mapping(at: Map, key: str) -> Map:
    """Return a mapping; empty if it is missing."""
    value = at.get(key)
    return value if isinstance(value, Map) else EMPTY


def sequence(at: Map, key: str) -> Seq:
    """Return a list; empty if it is missing."""
    value = at.get(key)
    return value if isinstance(value, Seq) else Seq("", 0)


def maps(at: Map, key: str) -> list[Map]:
    """Return a list of mappings."""
    return [value for value in sequence(at, key) if isinstance(value, Map)]


def texts(at: Map, key: str) -> tuple[str, ...]:
    """Return a list as texts: a code may be written as a number."""
    return tuple(str(value) for value in sequence(at, key))


def pairs(at: Map, key: str) -> dict[str, str]:
    """Return a mapping of texts."""
    return {name: str(value) for name, value in mapping(at, key).items()}


def entries(at: Map, key: str) -> list[tuple[str, Map]]:
    """Return the members of a mapping of mappings."""
    return [(name, value) for name, value in mapping(at, key).items() if isinstance(value, Map)]


def flag(at: Map, key: str) -> bool:
    """Return a boolean; false if it is missing."""
    return at.get(key) is True


def number(at: Map, key: str) -> Decimal | None:
    """Return a number, or None."""
    value = at.get(key)
    return Decimal(value) if isinstance(value, (int, Decimal)) else None


def integer(at: Map, key: str) -> int | None:
    """Return an integer, or None."""
    value = at.get(key)
    # In Python a boolean is an int.
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def scalar(at: Map, key: str) -> Scalar | None:
    """Return a value as it is on the wire, or None."""
    return cast("Scalar | None", at.get(key))


def scalars(at: Map, key: str) -> tuple[Scalar, ...]:
    """Return a list of values as they are on the wire."""
    return tuple(cast("list[Scalar]", sequence(at, key)))


def json(value: object) -> Json:
    """Turn loaded YAML into plain JSON values."""
    if isinstance(value, Map):
        return {key: json(member) for key, member in value.items()}
    if isinstance(value, Seq):
        return [json(member) for member in value]
    return value


def json_values(at: Map) -> list[tuple[str, Json]]:
    """Return keys and values as plain JSON."""
    return [(key, json(value)) for key, value in at.items()]


def json_map(at: Map, key: str) -> dict[str, Json]:
    """Return a mapping as plain JSON."""
    return {name: json(value) for name, value in mapping(at, key).items()}


def span(written: str) -> int:
    """Return a length of time in milliseconds: 1s → 1000."""
    digits = written.rstrip("mshd")
    return int(digits) * SPANS[written[len(digits) :]]


def maybe_span(at: Map, key: str) -> int | None:
    """Return a length of time in milliseconds, or None."""
    return span(str(at[key])) if key in at else None


def quirks(at: Map) -> tuple[Quirk, ...]:
    """Return the quirks of something."""
    return tuple(Quirk(text(q, "what"), text(q, "why"), maybe_text(q, "seen")) for q in maps(at, "quirks"))
