"""Reads a document by its format: HTML, Markdown or extracted text."""

from __future__ import annotations

import re
from functools import lru_cache

from generator.drift.pages.blocks import Block, Document, Unreadable
from generator.drift.pages.definitions import with_definitions
from generator.drift.pages.words import Words

# Several times the largest page known; they bound the time that a broken or hostile page costs. Markdown has a limit
# of its own, because its parser is the slowest.
MAX_BYTES = 8_000_000
MAX_MARKDOWN = 2_000_000
MAX_LINES = 100_000
_MARKUP = re.compile(r"<(?:!doctype html|html|head|body|table|div)\b", re.IGNORECASE)


def read_blocks(document: Document, words: Words) -> tuple[Block, ...]:
    """Read a document by its format: HTML, Markdown or text.

    Raises:
        Unreadable: if it is too large.
    """
    if len(document.text) > MAX_BYTES:
        raise _too_large(document, MAX_BYTES, "characters")
    # Line numbers in messages count line feeds, and lxml ends its input at a zero byte.
    text = document.text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if text.count("\n") > MAX_LINES:
        raise _too_large(document, MAX_LINES, "lines")
    kind = _kind(document.file, text)
    if kind == "markdown" and len(text) > MAX_MARKDOWN:
        raise _too_large(document, MAX_MARKDOWN, "characters of Markdown")
    try:
        return _blocks(kind, text, words)
    except Unreadable as error:
        raise Unreadable(f"{document.file}: {error}") from None


def _too_large(document: Document, most: int, what: str) -> Unreadable:
    return Unreadable(f"{document.file}: more than {most} {what}; read its pages one by one")


def _blocks(kind: str, text: str, words: Words) -> tuple[Block, ...]:
    if kind == "text":
        from generator.drift.pages.text import text_blocks

        return text_blocks(text, words)
    return with_definitions(marked_up(kind, text), words)


# A draft reads pages twice: with the common words, to guess those of the API, and then with these.
@lru_cache(maxsize=256)
def marked_up(kind: str, text: str) -> list[Block]:
    """Read HTML or Markdown, of which the words of an API change nothing."""
    # Parsers are imported when a page needs them: a folder of text files does not load lxml.
    if kind == "html":
        from generator.drift.pages.html import html_blocks

        return html_blocks(text)
    from generator.drift.pages.markdown import markdown_blocks

    return markdown_blocks(text)


def _kind(file: str, text: str) -> str:
    name = file.lower().split("?")[0]
    if name.endswith((".md", ".mdx", ".markdown")):
        return "markdown"
    # A page may be saved without an ending, or under that of the program that served it.
    if name.endswith((".html", ".htm", ".xhtml")) or _MARKUP.search(text[:5000]):
        return "html"
    if name.endswith(".txt"):
        return "text"
    return "markdown" if re.search(r"^(```|#{1,4} \S|\|.*\|$)", text, re.MULTILINE) else "text"
