"""The words that documentation uses for columns, types and marks.

The common ones stand in `known_words`; a profile adds those of its API.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from generator.drift.pages.known_words import COLUMNS, NO, TYPES, YES

# `symbol`, `[].price`, `data.list[].id`.
NAME = re.compile(r"(?:\[\]\.)?[A-Za-z_$][\w$.-]*(?:\[\])?(?:\.[\w$.\[\]-]+)*\Z")
# What may follow a type: `[]`, `<string>`, `(32)`, `[3]`.
_TAIL = r"(?:\[\])*(?:\s?<[^>]{1,40}>|\s?\([^)]{1,20}\))?(?:\s?\[\w*\])?"


def cleaned(text: str) -> str:
    """Return a heading or cell in lower case, without emphasis and final punctuation."""
    return text.strip().strip("*_`:： ").lower()


@dataclass(frozen=True)
class Words:
    """The words of one API's documentation."""

    columns: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(COLUMNS))
    types: tuple[str, ...] = TYPES
    yes: tuple[str, ...] = YES
    no: tuple[str, ...] = NO
    bare: frozenset[str] = frozenset()
    """Parameters without a description: in a flattened table, the next cell begins a new row."""

    def with_more(
        self,
        columns: dict[str, tuple[str, ...]],
        types: tuple[str, ...],
        yes: tuple[str, ...],
        no: tuple[str, ...],
        bare: tuple[str, ...],
    ) -> Words:
        """Return these words with those of an API; its meaning of a column replaces the common one."""
        own = {word.lower() for words in columns.values() for word in words}
        known = {role: tuple(w for w in words if w not in own) for role, words in self.columns.items()}
        for role, words in columns.items():
            known[role] = (*(word.lower() for word in words), *known.get(role, ()))
        lower = [tuple(word.lower() for word in words) for words in (types, yes, no)]
        return Words(known, lower[0] + self.types, lower[1] + self.yes, lower[2] + self.no, frozenset(bare))

    def role(self, heading: str) -> str | None:
        """Return the role of a column by its heading; None if the heading is unknown."""
        word = cleaned(heading)
        return next((role for role, words in self.columns.items() if word in words), None)

    def is_type(self, cell: str) -> bool:
        """Whether a cell names a type: `String`, `LIST<LONG>`, `string[]`."""
        word = cleaned(cell)
        match = re.match(r"[a-z0-9]+", word)
        return bool(match and match.group() in self.types and re.fullmatch(_TAIL, word[match.end() :]))

    def required(self, cell: str) -> bool | None:
        """Return True for yes, False for no, and None if a cell says neither."""
        word = cleaned(cell)
        if self._begins(word, self.no):
            return False
        return True if self._begins(word, self.yes) else None

    def must(self, cell: str) -> bool | None:
        """Return whether a row is required, by its cell in a column `optional?`; None if the cell does not say."""
        word = cleaned(cell)
        # Some columns called `optional?` have words rather than yes and no; then the word counts.
        if word.startswith(("optional", "required", "mandatory", "可选")):
            return self.required(cell)
        said = self.required(cell)
        return None if said is None else not said

    @staticmethod
    def _begins(word: str, known: tuple[str, ...]) -> bool:
        return any(word == k or word.startswith((k + " ", k + "(", k + "（", k + ",")) for k in known)
