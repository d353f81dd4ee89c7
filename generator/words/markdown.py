"""Prints texts as Markdown; no text ever becomes markup, HTML or an attribute."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote

from generator.ground.json_text import json_text
from generator.model.types import Json

WIDTH = 88
"""Characters of a line of JSON that a page shows without a scroll bar; longer values are broken into lines."""
_PROSE = str.maketrans(
    {char: f"\\{char}" for char in "\\`*_{}[]|>"} | {"&": "&amp;", "<": "&lt;", "~": "&#126;", "^": "&#94;"}
)
_INERT = {ord(char): f"&#{ord(char)};" for char in "`*_{}[]<>&|\\!~^$#"}
_PLAIN_CODE = re.compile(r"(?! )[^`|<>]*[^`|<>\\ ]")
"""Text that backticks show unchanged: no sign of Markdown's tables or HTML's tags, no space at an end (Markdown strips
one), no backslash before the closing backtick (site builders read it as an escape)."""

_NO_ID = re.compile(r"[^\w.-]")
_BLOCK_START = re.compile(
    r"""
    (\d+)([.)])        # 1. and 1) begin a numbered list
    | ([^\w\s&\\`])   # - + = # > : and others begin lists, headings, quotes; & \ ` were made harmless before
    """,
    re.VERBOSE,
)


def prose(text: str) -> str:
    """Print a sentence that may begin a line; what is between backticks is code, everything else is text."""
    printed = inline(text)
    start = _BLOCK_START.match(printed)
    return _without_start(start) + printed[start.end() :] if start else printed


def inline(text: str) -> str:
    """Print words that do not begin a line."""
    parts = _printable(text).split("`")
    if len(parts) % 2 == 0:  # the last backtick has no partner, so it is text
        parts[-2:] = ["`".join(parts[-2:])]
    return "".join(code(part) if index % 2 else part.translate(_PROSE) for index, part in enumerate(parts))


def _without_start(found: re.Match[str]) -> str:
    number, dot, sign = found.groups()
    return f"{number}&#{ord(dot)};" if number else f"&#{ord(sign)};"


def _stand_in(char: str) -> str:
    # Spaces of other widths become plain ones; what is invisible becomes visible.
    return " " if unicodedata.category(char) == "Zs" else "\N{REPLACEMENT CHARACTER}"


def _printable(text: str) -> str:
    """Return the text in one line; control, direction and private characters become visible."""
    line = " ".join(text.split())
    if line.isprintable():
        return line
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c)[0] == "C" else c for c in line)


def code(value: object) -> str:
    """Print a code span."""
    text = _printable(str(value))
    return f"`{text}`" if _PLAIN_CODE.fullmatch(text) else f"<code>{text.translate(_INERT)}</code>"


def title(text: str) -> str:
    """Print the title of a page for its front matter: YAML reads JSON, and site builders read the text as HTML."""
    return json.dumps(html.escape(_printable(text), quote=False), ensure_ascii=False)


def codes(values: Iterable[object], last: str = "and") -> str:
    """Print an enumeration of code spans."""
    return enumeration([code(value) for value in values], last)


def enumeration(words: list[str], last: str = "and") -> str:
    """Join words with commas and `and`."""
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


def anchor(kind: str, *names: object) -> str:
    """Return the id of a place, which any wire name can be part of."""
    # The code of the character, so that `a[]` and `a.` do not share an anchor.
    return _NO_ID.sub(lambda found: f"_{ord(found.group()):x}", "-".join([kind, *map(str, names)]))


def spot(place: str) -> str:
    """Print an anchor."""
    return f'<a id="{place}"></a>'


def link(words: str, target: str) -> str:
    """Print a link from two parts that are Markdown already."""
    return f"[{words}]({target})"


def url(address: str) -> str:
    """Print an address as the target of a link."""
    # Angle brackets and encoding: a bracket or space in an address would end the link.
    return "<" + quote(address, safe="-._~:/?#[]@!$&*+,;=%") + ">"


def code_block(language: str, text: str, indent: int = 0) -> str:
    """Print a block of code."""
    if not text.replace("\n", "").isprintable():
        text = "".join(c if c in "\n\t" or unicodedata.category(c)[0] not in "CZ" else _stand_in(c) for c in text)
    # A fence ends at the first line of as many backticks, so ours has more than any run inside.
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    block = f"{fence}{language}\n{text.rstrip()}\n{fence}"
    return "\n".join(" " * indent + line if line else line for line in block.split("\n")) if indent else block


def sentence(text: str) -> str:
    """Return a text with a full stop, unless it ends with a sign."""
    return text if text.endswith((".", "?", "!", ":", "…")) else f"{text}."


def pretty(value: Json, indent: int = 0, used: int = 0) -> str:
    """Print JSON with exact numbers, in short lines."""
    flat = compact(value)
    if not isinstance(value, (dict, list)) or not value or len(flat) + indent + used <= WIDTH:
        return flat
    inner = " " * (indent + 2)
    if isinstance(value, dict):
        keys = [json.dumps(str(key), ensure_ascii=False) for key in value]
        rows = [f"{key}: {pretty(v, indent + 2, len(key) + 2)}" for key, v in zip(keys, value.values(), strict=True)]
    else:
        rows = [pretty(member, indent + 2) for member in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n{inner}" + f",\n{inner}".join(rows) + f"\n{' ' * indent}{closing}"


def compact(value: Json) -> str:
    """Print JSON with exact numbers in one line, with blanks for a reader."""
    return json_text(value, ", ", ": ")
