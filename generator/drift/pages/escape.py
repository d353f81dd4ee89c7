"""Makes text from a page safe to print on a terminal."""

from __future__ import annotations

import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Control, format, surrogate and separator characters: escape sequences move the cursor, C1 controls do so in one
character, direction marks reverse what is read, and lone surrogates cannot be printed at all."""


def printable(text: str) -> str:
    """Return a text with its hidden characters written as escapes; line breaks stay."""
    return "".join(_shown(character) for character in text) if not text.isprintable() else text


def _shown(character: str) -> str:
    if character == "\n" or unicodedata.category(character) not in _HIDDEN:
        return character
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")
