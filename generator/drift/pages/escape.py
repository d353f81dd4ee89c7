"""What a page holds, as a terminal may show it."""

from __future__ import annotations

import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Control, format, surrogate and separator characters: ESC and OSC move the cursor, C1 does so in one character,
direction marks turn what is read, and lone surrogates cannot be printed at all."""


def printable(text: str) -> str:
    """Return a text whose hidden characters are written as escapes; line breaks stay."""
    return "".join(_shown(character) for character in text) if not text.isprintable() else text


def _shown(character: str) -> str:
    if character == "\n" or unicodedata.category(character) not in _HIDDEN:
        return character
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")
