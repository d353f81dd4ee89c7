"""Makes text from a page safe to print on a terminal, and to write into files."""

from __future__ import annotations

import json
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


def printable_json(document: object, *, indent: int, sort_keys: bool = False) -> str:
    """Return a value as JSON with hidden characters escaped; when parsed again, it is the same value."""
    text = json.dumps(document, ensure_ascii=False, indent=indent, sort_keys=sort_keys)
    return "".join(_escape(c) for c in text) if not text.isprintable() else text


def _escape(character: str) -> str:
    is_hidden = character != "\n" and unicodedata.category(character) in _HIDDEN
    return json.dumps(character)[1:-1] if is_hidden else character


def visible(text: str) -> str:
    """Return a text for a file that people edit: hidden characters are replaced, and can be seen."""
    if text.isascii():
        return text
    return "".join(c if c in "\n\t" or unicodedata.category(c) not in _HIDDEN else "\ufffd" for c in text)
