"""Mistakes in specs: where, what, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Code = Literal["wrong", "unknown", "unused"]
"""wrong: the place is a mistake, whatever else there is. unknown: it names something that is not there.
unused: nothing has or uses what it names. The last two may be the consequence of another mistake."""


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake, described so that a person can mend it; no code reads the description."""

    file: str
    line: int
    where: str
    what: str
    code: Code = field(default="wrong", compare=False)
    subjects: tuple[str, ...] = field(default=(), compare=False)
    """The operations, types and codes that it names, as the spec writes them."""

    def __str__(self) -> str:
        return printable(f"{self.file}:{self.line}  {self.where}: {self.what}")


class SpecError(Exception):
    """The specs have problems; nothing was written."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


def printable(text: str) -> str:
    """Escape what would break a line or move a terminal's cursor: specs may come from anywhere."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def near(word: str, known: Iterable[str]) -> list[str]:
    """Return the known word that was probably meant, if there is one; capitals do not count."""
    # Imported here, as few runs have a mistake to guess about.
    from difflib import get_close_matches

    by_folded = {name.lower(): name for name in sorted(known)}
    return [by_folded[found] for found in get_close_matches(word.lower(), by_folded, n=1, cutoff=0.6)]


def suggest(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean …?` where a known word is near, else nothing."""
    return "".join(f"; did you mean `{guess}`?" for guess in near(word, known))
