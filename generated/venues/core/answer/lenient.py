# Edited in templates/venues/core/answer/lenient.py; the copy in generated/ is imported.
"""Reads JSON that a strict parser refuses, so that one odd byte does not hide what an exchange said.

The standard library's parser takes what exchanges get wrong; here bytes become text for it, and every oddity is named.
"""

from __future__ import annotations

import codecs
import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any

ENCODINGS = ("utf-8", "gb18030", "latin-1")
"""How a body may be written, the likeliest first. GB18030 holds GBK; Latin-1 takes whatever is left."""
AROUND = "".join(map(chr, range(0x21))) + "\ufeff"
"""Blanks, control characters and marks of byte order: nothing that an answer could mean, before and after it."""
LONGEST_INTEGER = 400
"""Digits of an integer that is still one: reading much longer ones takes Python time that grows with their square."""
ESCAPES = re.compile(
    r"""
    \\u[dD][89abAB][0-9a-fA-F]{2} \\u[dD][c-fC-F][0-9a-fA-F]{2}   # both halves of a character: kept
    | (?P<half> \\u[dD][89a-fA-F][0-9a-fA-F]{2} )                 # one half alone: no text that can be written
    | \\.                                                         # any other escape, a backslash's own included: kept
    """,
    re.VERBOSE | re.DOTALL,
)
REPLACEMENT = "\ufffd"


def read_leniently(body: bytes) -> tuple[object, tuple[str, ...]]:
    """Return what a body says, and what is odd about it.

    Time grows with the length of the body alone.

    Raises:
        ValueError: if it is no JSON even so.
        RecursionError: if it is nested deeper than Python goes.
    """
    oddities: list[str] = []
    text = _without_halves(_text(body, oddities), oddities)
    content: object = _Parser(oddities).parse(text)
    return content, tuple(dict.fromkeys(oddities))


def contradicts_itself(body: bytes, names: tuple[str, ...]) -> bool:
    """Whether the object that a body is has one of these members twice, with different values."""
    parser = _Parser([])
    try:
        parser.parse(_text(body, []))
    except (ValueError, RecursionError):
        return False
    # Objects are closed from the innermost outward, so the last pairs are those of the whole.
    return any(len({repr(value) for name, value in parser.pairs if name == wanted}) > 1 for wanted in names)


def _text(body: bytes, oddities: list[str]) -> str:
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        oddities.append("UTF-16")
        return body.decode("utf-16", "replace")
    for encoding in ENCODINGS:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding != "utf-8":
            oddities.append("bytes that are not UTF-8")
        stripped = text.strip(AROUND)
        if stripped != text.strip(" \t\r\n"):
            oddities.append("control characters around the answer")
        return stripped
    return ""


def _without_halves(text: str, oddities: list[str]) -> str:
    """Replace halves of characters, which no file, log or terminal takes."""

    def keep_or_replace(found: re.Match[str]) -> str:
        if found["half"] is None:
            return found[0]
        oddities.append("half a character")
        return REPLACEMENT

    return ESCAPES.sub(keep_or_replace, text) if "\\u" in text else text


class _Parser:
    """The standard library's parser, extended to accept what is odd and to report it."""

    def __init__(self, oddities: list[str]) -> None:
        self._oddities = oddities
        self.pairs: list[tuple[str, Any]] = []
        """The members of the object that was closed last."""

    def parse(self, text: str) -> object:
        try:
            return self._decoder(strict=True).decode(text)
        except json.JSONDecodeError:
            content: object = self._decoder(strict=False).decode(text)
        self._oddities.append("control characters in a text")
        return content

    def _decoder(self, *, strict: bool) -> json.JSONDecoder:
        return json.JSONDecoder(
            strict=strict,
            object_pairs_hook=self._object,
            parse_float=_number,
            parse_int=_integer,
            parse_constant=self._constant,
        )

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        self.pairs = pairs
        members = dict(pairs)
        if len(members) < len(pairs):
            self._oddities.append("a member that comes twice")
        return members

    def _constant(self, name: str) -> Decimal:
        self._oddities.append(name)
        return Decimal(name)


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent that no machine counts to
        return Decimal("NaN")


def _integer(text: str) -> int | Decimal:
    return int(text) if len(text) <= LONGEST_INTEGER else _number(text)
