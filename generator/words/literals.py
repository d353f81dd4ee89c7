"""Python literals and docstrings; no text of a spec can break out of them."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from decimal import Decimal
from functools import lru_cache

WIDTH = 120
"""Length of lines in docstrings, as in code."""
_RISKY_QUOTE = re.compile(r'''"(?="|\Z)|(?<=")"''')
"""A quote beside another, or at the end: three in a row would end a docstring."""


def literal(value: object) -> str:
    """Print a value as a Python literal; no text can break out of it."""
    if isinstance(value, Decimal):
        return f'Decimal("{value}")'
    if isinstance(value, str):
        # Invisible characters as escapes: direction marks can make code read differently from how it runs.
        return ascii(value) if _any_odd(value) else repr(value)
    if value is None or isinstance(value, (bool, int)):
        return repr(value)
    if isinstance(value, (tuple, list)):
        inner = ", ".join(map(literal, value))
        return f"({inner}{',' if len(value) == 1 else ''})" if isinstance(value, tuple) else f"[{inner}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(key)}: {literal(member)}" for key, member in value.items()) + "}"
    raise TypeError(f"no literal for {type(value).__name__}")


def _odd(char: str) -> bool:
    """Control and format characters (direction marks among them), surrogates, private ones, and line ends of Unicode."""
    return unicodedata.category(char) in ("Zl", "Zp") or unicodedata.category(char)[0] == "C"


def _any_odd(text: str) -> bool:
    return not text.isprintable() and any(map(_odd, text))  # printable texts have none, and most texts are


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


@lru_cache(maxsize=4096)  # the sync and the async twin of a module have the same texts
def doc(text: str, indent: int = 0, hang: int = 0) -> str:
    """Wrap a text for a docstring indented by `indent`; no text can end the docstring."""
    line = unbroken(text)
    # Most texts are one line as they stand, and to find that out `wrap` takes them to pieces.
    if line and len(line) <= WIDTH - indent and line.isprintable() and line == line.strip():
        return line
    wrapped = textwrap.wrap(
        line, WIDTH - indent, subsequent_indent=" " * hang, break_long_words=False, break_on_hyphens=False
    )
    return f"\n{' ' * indent}".join(wrapped)


def unbroken(text: str) -> str:
    """Print a line of a docstring without wrapping it, such as a link; no text can end the docstring."""
    safe = text.replace("\\", "\\\\")
    if _any_odd(safe):
        safe = "".join(_escaped(char) if _odd(char) else char for char in safe)
    return _RISKY_QUOTE.sub(r"\"", safe)


def docstring(body: str, indent: int = 0) -> str:
    """Put quotes around a body that `doc` made."""
    if "\n" in body:
        return f'"""{body}\n{" " * indent}"""'
    # Formatters keep a space before the closing quotes; with it, the last quote of the text needs no backslash.
    return f'"""{body[:-2]}" """' if body.endswith('\\"') else f'"""{body}"""'
