"""Turns HTML pages into blocks. Scripts, menus and buttons are omitted; nothing is run or fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from lxml import html as lxml_html

from generator.drift.pages.blocks import Block, Code, Heading, Paragraph, one_line
from generator.drift.pages.html_tables import Tables
from generator.drift.pages.html_text import (
    BELOW,
    INLINE,
    Element,
    code_text,
    content,
    depth_of,
    hidden,
    is_item,
    only_inline,
    pieces_of,
    topmost,
)
from generator.model.operations import METHODS

# The sign that links to a heading, which generators append to its text.
_ANCHOR = re.compile(r"[\s\u200b]*[#¶§\u200b]+\s*\Z")
_LANGUAGE = re.compile(r"(?:language|lang|highlight-source)-(\w+)")


def html_blocks(text: str, first_line: int = 1) -> list[Block]:
    """Read a page, or a part of one that begins at `first_line`."""
    if not text.strip():
        return []
    # `huge_tree` off: libxml2 then refuses nesting that would exhaust the stack. The encoding is that of the bytes below:
    # what a page says of its own was heeded when it was fetched, and pages that say nothing would be taken for Latin-1.
    parser = lxml_html.HTMLParser(
        no_network=True, remove_comments=True, remove_pis=True, huge_tree=False, encoding="utf-8"
    )
    try:
        root = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return []
    return list(_with_requests(_Reader(first_line - 1).read(root)))


def _with_requests(blocks: Iterator[Block]) -> Iterator[Block]:
    """Join a method and the path below it, which some generators put into elements of their own."""
    method: Paragraph | None = None
    for block in blocks:
        is_path = isinstance(block, Paragraph) and re.fullmatch(r"(?:https?:/)?/\S+", block.text)
        if method is not None and isinstance(block, Paragraph) and is_path:
            yield Paragraph(method.line, f"{method.text} {block.text}")
            method = None
            continue
        if method is not None:
            yield method
        method = block if isinstance(block, Paragraph) and block.text.strip("`").upper() in METHODS else None
        if method is None:
            yield block
    if method is not None:
        yield method


class _Reader:
    """Walks the tree without recursion on text, so that deep pages do no harm."""

    def __init__(self, offset: int) -> None:
        self._offset = offset
        self._tables = Tables(self._line)

    def read(self, element: Element) -> Iterator[Block]:
        """Yield the blocks below an element."""
        if not isinstance(element.tag, str) or hidden(element):
            return
        tag = element.tag.lower()
        if re.fullmatch("h[1-6]", tag):
            yield from self._heading(element, int(tag[1]))
        elif tag == "table":
            yield from self._tables.read(element)
        elif tag == "pre":
            yield from self._code(element)
        elif tag == "dl":
            yield from self._definitions(element)
        elif only_inline(element):
            yield from self._text(element, tag)
        else:
            yield from self._children(element, tag)

    def _line(self, element: Element) -> int:
        line: object = element.sourceline  # the stubs have no type for it
        return (line if isinstance(line, int) else 1) + self._offset

    def _heading(self, element: Element, level: int) -> Iterator[Block]:
        text = _ANCHOR.sub("", one_line(content(element)))
        if text:
            yield Heading(self._line(element), text, level)

    def _text(self, element: Element, tag: str) -> Iterator[Block]:
        pieces = pieces_of(element)
        item, depth = is_item(element), depth_of(element)
        for text in pieces if tag in ("div", "summary") else [" ".join(pieces)]:
            if text:
                yield Paragraph(self._line(element), text, item, depth)

    def _children(self, element: Element, tag: str) -> Iterator[Block]:
        loose = element.text or ""
        for child in element:
            inline = isinstance(child.tag, str) and child.tag.lower() in INLINE and only_inline(child)
            if inline and not loose.strip() and tag == "div" and len(pieces_of(child)) > 1:
                yield from self._text(child, tag)
            elif isinstance(child.tag, str) and child.tag.lower() == "br":
                yield from self._loose(element, loose)
                loose = ""
            elif inline:
                loose += " ".join(pieces_of(child)) if not hidden(child) else ""
            else:
                yield from self._loose(element, loose)
                yield from self.read(child)
                loose = ""
            loose += child.tail or ""
        yield from self._loose(element, loose)

    def _loose(self, element: Element, text: str) -> Iterator[Block]:
        if one_line(text):
            yield Paragraph(self._line(element), one_line(text), is_item(element), depth_of(element))

    def _definitions(self, element: Element) -> Iterator[Block]:
        """Read a list of terms: each with its description as one entry, followed by the lists and tables in it."""
        term: Element | None = None
        for child in element.iter("dt", "dd"):
            # Lists of terms may be nested; the inner one is read with the term that it belongs to.
            if next(child.iterancestors("dl"), None) is not element:
                continue
            if child.tag == "dt":
                yield from self._term(term, "")
                term = child
            else:
                yield from self._term(term, one_line(content(child, without=BELOW)))
                term = None
                yield from (block for below in topmost(child) for block in self.read(below))
        yield from self._term(term, "")

    def _term(self, term: Element | None, text: str) -> Iterator[Block]:
        if term is not None and (name := " ".join(pieces_of(term))):
            yield Paragraph(self._line(term), f"{name}: {text}".rstrip(": "), True, depth_of(term))
        elif text:
            yield Paragraph(self._line(term) if term is not None else 1 + self._offset, text, True)

    def _code(self, element: Element) -> Iterator[Block]:
        # The language is at `pre` or at the `code` in it, as each generator likes.
        marks = " ".join([element.get("class") or "", *(child.get("class") or "" for child in element.iter("code"))])
        language = _LANGUAGE.search(marks)
        text = code_text(element).strip("\n")
        if text.strip():
            yield Code(self._line(element), text, language.group(1) if language else "")
