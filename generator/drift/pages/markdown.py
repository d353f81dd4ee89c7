"""Turns Markdown and MDX pages into blocks; HTML inside them is read as HTML."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from generator.drift.pages.blocks import Block, Code, Heading, Paragraph, Row, Table, one_line
from generator.drift.pages.components import without_components
from generator.drift.pages.html import html_blocks

_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
# What parts words on the page: a list within a cell is `<li>spot</li><li>linear</li>`.
_BREAK = re.compile(r"</?(?:br|li|ul|ol|p|div|dt|dd)\b[^<>]*>", re.IGNORECASE)
# What ends a table without an empty line.
_BLOCK = re.compile(r"\s{0,3}(?:#{1,6}\s|```|~~~|[*+-]\s|\d+[.)]\s|</?[A-Za-z]|:::)")
CONTINUED = "\ue000"
"""Stands before a line that belongs to the cell above: a character that no page has."""
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\n]{0,500}\)")
# `##Title` is no heading in CommonMark, but people write it so, and GitHub used to show it as one.
_SHOUT = re.compile(r"^(#{1,6})(?=[^\s#])", re.MULTILINE)
# The line below the headings of a table, and what divides its cells.
_RULE = re.compile(r"\s{0,3}\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?")
_BAR = re.compile(r"(?<!\\)\|")
# A wide space in an entry of a list divides it like a dash: the value before it, and what it means.
_WIDE = re.compile(r"^(\s*[-*+] +[^\s&\u2003][^\n&\u2003]*)(?:&emsp;|\u2003)+(?=\S)", re.MULTILINE)
# `**symbol** string required`, alone in its line.
_NAMED = re.compile(
    r"(?:\*\*|__)(?P<name>[A-Za-z_][\w.-]*)(?:\*\*|__)[ \t]+"
    r"(?P<type>string|integer|int32|int64|number|boolean|float|double|array(?: of \w+)?|object|enum)(?:[ \t]+enum)?"
    r"(?:[ \t]+(?P<mark>required|optional))?[ \t]*(?:\n|\Z)"
)
# Text in which Markdown marks nothing: an underscore between letters is part of a name.
_BARE = re.compile(r"(?:[^\\`*_<&\n]|(?<=[A-Za-z0-9])_+(?=[A-Za-z0-9]))*")


def markdown_blocks(text: str) -> list[Block]:
    """Read a page."""
    text = _WIDE.sub(r"\1 – ", text)
    text = _SHOUT.sub(r"\1 ", _rules_mended(_rows_kept(without_components(text))))
    text = _LINK.sub(r"\1", text)
    return list(_Reader(_parser().parse(text)).read())


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    """Return the parser of blocks and inline text.

    Links are removed before: on many brackets in a row, the parser takes time quadratic in their number.
    Inline text is parsed by `rendered`, and only where it holds marks: that is half of all the time.
    """
    parser = MarkdownIt("commonmark", {"maxNesting": 30}).enable("table")
    return parser.disable(["link", "image", "inline", "text_join"])


def _rows_kept(text: str) -> str:
    """Mark what Markdown would take out of a table: rows that begin with `>`, and the further lines of a cell.

    A cell with line breaks is printed on several lines by programs that turn HTML into Markdown; each would be a row.
    """
    lines, columns = text.split("\n"), 0
    for index in range(1, len(lines)):
        line = lines[index]
        if _RULE.fullmatch(line) and "|" in lines[index - 1]:
            columns = lines[index - 1].strip().strip("|").count("|") + 1
        elif not line.strip() or _BLOCK.match(line):
            columns = 0
        elif line.startswith(">") and "|" in line and (columns or "|" in lines[index - 1]):
            lines[index] = "\\" + line
        elif columns > 1 and "|" not in line and not line.startswith(">"):
            lines[index] = CONTINUED + line.lstrip()
    return "\n".join(lines)


def _rules_mended(text: str) -> str:
    """Give the rule below the headings of a table as many cells as there are headings.

    Markdown shows lines of text where they differ, and so people see the mistake, but leave it for years.
    """
    lines = text.split("\n")
    for index in range(1, len(lines)):
        if _RULE.fullmatch(lines[index]) and "|" in lines[index - 1]:
            headings, cells = (len(_BAR.split(lines[at].strip().strip("|"))) for at in (index - 1, index))
            lines[index] = lines[index].rstrip().rstrip("|") + "|---" * (headings - cells) + "|"
            lines[index - 1] = lines[index - 1].rstrip().rstrip("|") + "| " * (cells - headings) + "|"
    return "\n".join(lines)


class _Reader:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._line = 1
        self._items = 0

    def read(self) -> Iterator[Block]:
        """Yield the blocks in order."""
        index = 0
        while index < len(self._tokens):
            token = self._tokens[index]
            self._line = token.map[0] + 1 if token.map else self._line
            if token.type == "table_open":
                index = yield from self._table(index)
                continue
            if token.type in ("list_item_open", "list_item_close"):
                self._items += 1 if token.nesting == 1 else -1
            yield from self._block(token, self._tokens[index - 1] if index else None)
            index += 1

    def _block(self, token: Token, before: Token | None) -> Iterator[Block]:
        if token.type in ("fence", "code_block"):
            yield Code(self._line + (token.type == "fence"), token.content.rstrip("\n"), token.info.split(" ")[0])
        elif token.type == "html_block":
            yield from html_blocks(token.content, self._line)
        elif token.type == "inline" and before is not None:
            yield from self._inline(token, before)

    def _inline(self, token: Token, before: Token) -> Iterator[Block]:
        text = rendered(token)
        if not text:
            return
        if before.type == "heading_open":
            yield Heading(self._line, text.strip("*_ "), int(before.tag[1]))
        elif re.match(r"[\[{]\s*[\"{\]}]", token.content):
            # A sample whose author forgot the code block.
            yield Code(self._line, token.content)
        elif named := _NAMED.match(token.content):
            # A parameter as exports of ReadMe have it: its name, type and mark in a line, and what it means below.
            mark = f", {named['mark']}" if named["mark"] else ""
            said = one_line(inline_text(token.content[named.end() :]))
            yield Paragraph(self._line, f"`{named['name']}` ({named['type']}{mark}): {said}", True, max(1, self._items))
        else:
            yield Paragraph(self._line, text, self._items > 0, self._items)

    def _table(self, index: int) -> Generator[Block, None, int]:
        line, rows = self._line, list[Row]()
        cells = list[str]()
        while self._tokens[index].type != "table_close":
            token = self._tokens[index]
            if token.type == "tr_open":
                cells = []
                self._line = token.map[0] + 1 if token.map else self._line
            elif token.type == "inline":
                cells.append(rendered(token))
            elif token.type == "tr_close":
                if rows and cells and cells[0].startswith(CONTINUED):
                    rows[-1] = _longer(rows[-1], cells[0].removeprefix(CONTINUED))
                else:
                    rows.append(Row(self._line, tuple(cells)))
            index += 1
        if rows:
            yield Table(line, rows[0].cells, tuple(rows[1:]))
        return index + 1


def _longer(row: Row, text: str) -> Row:
    """Return a row whose last cell goes on."""
    last = max((at for at, cell in enumerate(row.cells) if cell), default=len(row.cells) - 1)
    cells = [f"{cell} {text}" if at == last else cell for at, cell in enumerate(row.cells)]
    return Row(row.line, tuple(cells))


def rendered(token: Token) -> str:
    """Return inline Markdown as text; code stays in backticks."""
    text = token.content
    return one_line(text if _BARE.fullmatch(text) else inline_text(text))


# Cells repeat: a page says `NO` or `**string**` in hundreds of rows.
@lru_cache(maxsize=4096)
def inline_text(text: str) -> str:
    """Return inline Markdown as text, without its marks."""
    pieces, parser = list[str](), _parser()
    children = list[Token]()
    parser.inline.parse(text, parser, {}, children)
    for child in children:
        if child.type == "html_inline":
            pieces.append(" " if _BREAK.match(child.content) else _TAG.sub("", child.content))
        # `text_special` is what a backslash escapes.
        elif child.type in ("text", "text_special"):
            pieces.append(child.content)
        elif child.type == "code_inline":
            pieces.append(f"`{child.content}`")
        elif child.type in ("softbreak", "hardbreak"):
            pieces.append(" ")
    return "".join(pieces)
