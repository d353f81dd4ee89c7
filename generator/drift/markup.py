"""HTML pages to blocks. Scripts, menus and buttons are left out; nothing is run or fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from lxml import html as lxml_html

from generator.drift.blocks import Block, Code, Heading, Paragraph, Row, Table, Unreadable, plain

SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "svg",
        "nav",
        "header",
        "footer",
        "button",
        "form",
        "template",
        "iframe",
        "head",
        "select",
        "input",
        "textarea",
    ]
)
INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "cite",
        "code",
        "del",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "tt",
        "u",
        "var",
    ]
)
MENUS = frozenset({"navigation", "tab", "tablist", "menu", "search", "banner", "contentinfo"})
_ANCHOR = re.compile(r"[\s\u200b]*[#¶§\u200b]+\s*\Z")
_LANGUAGE = re.compile(r"(?:language|lang|highlight-source)-(\w+)")
METHODS = frozenset({"GET", "POST", "PUT", "DELETE", "PATCH"})
MAX_CELLS = 400_000
Element = etree._Element


def html_blocks(text: str, first_line: int = 1) -> list[Block]:
    """Read a page, or a piece of one that begins at a line."""
    if not text.strip():
        return []
    parser = lxml_html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return []
    return list(_Reader(first_line - 1).read(root))


class _Reader:
    """Walks the tree without recursion on text, so that deep pages do no harm."""

    def __init__(self, offset: int) -> None:
        self._offset = offset
        self._cells = 0

    def read(self, element: Element) -> Iterator[Block]:
        """Yield the blocks below an element."""
        if not isinstance(element.tag, str) or _hidden(element):
            return
        tag = element.tag.lower()
        if re.fullmatch("h[1-6]", tag):
            yield from self._heading(element, int(tag[1]))
        elif tag == "table":
            yield from self._table(element)
        elif tag == "pre":
            yield from self._code(element)
        elif _only_inline(element):
            yield from self._text(element, tag)
        else:
            yield from self._children(element, tag)

    def _line(self, element: Element) -> int:
        line: object = element.sourceline  # the stubs have no type for it
        return (line if isinstance(line, int) else 1) + self._offset

    def _heading(self, element: Element, level: int) -> Iterator[Block]:
        text = _ANCHOR.sub("", plain(_content(element)))
        if text:
            yield Heading(self._line(element), text, level)

    def _text(self, element: Element, tag: str) -> Iterator[Block]:
        pieces = _pieces(element) if tag in ("div", "dt", "summary") else [plain(_content(element))]
        for text in pieces:
            if text:
                yield Paragraph(self._line(element), text, tag == "li")

    def _children(self, element: Element, tag: str) -> Iterator[Block]:
        loose = element.text or ""
        item = tag == "li"
        for child in element:
            inline = isinstance(child.tag, str) and child.tag.lower() in INLINE and _only_inline(child)
            if inline or (isinstance(child.tag, str) and child.tag.lower() == "br"):
                loose += _content(child) if not _hidden(child) else ""
            else:
                yield from self._loose(element, loose, item)
                yield from self.read(child)
                loose = ""
            loose += child.tail or ""
        yield from self._loose(element, loose, item)

    def _loose(self, element: Element, text: str, item: bool) -> Iterator[Block]:
        if plain(text):
            yield Paragraph(self._line(element), plain(text), item)

    def _code(self, element: Element) -> Iterator[Block]:
        marks = " ".join([element.get("class") or "", *(child.get("class") or "" for child in element.iter("code"))])
        language = _LANGUAGE.search(marks)
        text = _code_text(element).strip("\n")
        if text.strip():
            yield Code(self._line(element), text, language.group(1) if language else "")

    def _table(self, element: Element) -> Iterator[Block]:
        rows = [self._row(row) for row in element.iter("tr") if _table_of(row) is element]
        rows = [row for row in rows if any(row.cells)]
        if not rows:
            return
        self._cells += sum(len(row.cells) for row in rows)
        if self._cells > MAX_CELLS:
            raise Unreadable(f"more than {MAX_CELLS} cells in tables; read its pages one by one")
        yield Table(rows[0].line, rows[0].cells, tuple(rows[1:]))

    def _row(self, row: Element) -> Row:
        cells = [cell for cell in row if isinstance(cell.tag, str) and cell.tag.lower() in ("td", "th")]
        texts = list[str]()
        for cell in cells:
            texts += [plain(_content(cell))] + [""] * (min(_number(cell.get("colspan")), 20) - 1)
        return Row(self._line(row), tuple(texts))


def _table_of(row: Element) -> Element | None:
    return next(row.iterancestors("table"), None)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 4 else 1


def _hidden(element: Element) -> bool:
    if not isinstance(element.tag, str) or element.tag.lower() in SKIPPED:
        return True
    return (element.get("role") or "") in MENUS


def _only_inline(element: Element) -> bool:
    return all(
        isinstance(child.tag, str) and child.tag.lower() in INLINE | {"br", "wbr", "img"}
        for child in element.iterdescendants()
    )


def _content(element: Element) -> str:
    """Return the text of an element; a line break is a blank, code keeps its backticks."""
    pieces = list[str]()
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if not isinstance(node.tag, str):
            continue
        if event == "start":
            mark = "`" if node.tag == "code" else " " if node.tag in ("br", "li", "p", "div", "td") else ""
            pieces += [mark, (node.text or "") if node.tag not in SKIPPED else ""]
        else:
            pieces += ["`" if node.tag == "code" else "", (node.tail or "") if node is not element else ""]
    return "".join(pieces)


def _pieces(element: Element) -> list[str]:
    """Return the texts of an element's members one by one, where they are several labels in a row."""
    members = [child for child in element if isinstance(child.tag, str) and child.tag.lower() in INLINE]
    texts = [plain(_content(child)).strip("`") for child in members if not _hidden(child)]
    loose = plain((element.text or "") + "".join(child.tail or "" for child in element))
    if len(texts) > 1 and not loose and " " not in texts[0] and texts[0].upper() not in METHODS:
        return texts
    return [plain(_content(element))]


def _code_text(element: Element) -> str:
    pieces = list[str]()
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if not isinstance(node.tag, str):
            continue
        if event == "start":
            pieces += ["\n" if node.tag == "br" else "", (node.text or "") if node.tag not in SKIPPED else ""]
        else:
            line = node.tag == "div" or "token-line" in (node.get("class") or "")
            pieces += ["\n" if line else "", (node.tail or "") if node is not element else ""]
    return "".join(pieces)
