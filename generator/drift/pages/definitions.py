"""Turns lists of parameters or fields into tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from generator.drift.pages.blocks import Block, Heading, Paragraph, Row, Table
from generator.drift.pages.labels import common_labels, role_of
from generator.drift.pages.listed import Listed, listed
from generator.drift.pages.words import NAME, Words

DEFINITION = ("Name", "Type", "Required", "Description")
DEEP = 3
"""Headings from this level on may be names of parameters."""
# The value that an entry begins with, up to a separator: `GTC`: good till canceled, "1" (buy).
_HEAD = re.compile(r"[`\"“]?([A-Za-z0-9][\w.-]*)[`\"”]?(?=\s*(?:[:：=(–—]|\s-\s|\Z))")
# `Possible values: [`: what comes is about values, and no entry of its own.
_MORE = re.compile(
    r"(?:(?:possible|allowed|valid|accepted) values?|enum|one of|defaults?|examples?)\b.*[:\[]", re.IGNORECASE
)
_REQUEST = re.compile(r"`?(?:GET|POST|PUT|DELETE|PATCH)`?\s*`?(?:https?:/)?/")


def with_definitions(blocks: Sequence[Block], words: Words) -> tuple[Block, ...]:
    """Turn runs of paragraphs with the layout of definitions into tables."""
    result, run = list[Block](), list[Paragraph]()
    # None at the end closes the last run.
    for block in [*blocks, None]:
        paragraph = _paragraph(block, words)
        if paragraph is not None:
            run.append(paragraph)
            continue
        result += _Run(run, words).read()
        run = []
        result += [_headless(block, words) if isinstance(block, Table) else block] if block is not None else []
    return tuple(_joined(result, words))


def _joined(blocks: Sequence[Block], words: Words) -> Iterator[Block]:
    """Join a table that has no headings to the one right before it, whose columns it continues."""
    last: Block | None = None
    for block in blocks:
        if isinstance(last, Table) and isinstance(block, Table) and _continues(block, last, words):
            last = Table(last.line, last.header, (*last.rows, Row(block.line, block.header), *block.rows))
            continue
        if last is not None:
            yield last
        last = block
    if last is not None:
        yield last


def _continues(table: Table, before: Table, words: Words) -> bool:
    """Whether the first row of a table has a type where the table before it has its types."""
    roles = [words.role(heading) for heading in before.header]
    if len(table.header) != len(before.header) or "type" not in roles or any(map(words.role, table.header)):
        return False
    return words.is_type(table.header[roles.index("type")])


def _paragraph(block: Block | None, words: Words) -> Paragraph | None:
    if isinstance(block, Heading) and block.level >= DEEP and listed(block.text, words, item=False):
        return Paragraph(block.line, block.text)
    return block if isinstance(block, Paragraph) else None


def _headless(table: Table, words: Words) -> Table:
    """Add headings to a table of two columns without any: names with marks, and types with descriptions."""
    rows = [Row(table.line, table.header), *table.rows]
    if any(len(row.cells) != 2 for row in rows):
        return table
    entries = [listed(": ".join(row.cells), words, item=True) for row in rows]
    found = [_row(row.line, entry, 0) for row, entry in zip(rows, entries, strict=True) if entry]
    # All rows or none: a table of other things may have one row that looks like a parameter.
    return Table(table.line, DEFINITION, tuple(found)) if len(found) == len(rows) else table


def _row(line: int, entry: Listed, depth: int) -> Row:
    return Row(line, (">" * depth + entry.name, entry.type, entry.required, entry.text))


class _Run:
    """Consecutive paragraphs."""

    def __init__(self, run: Sequence[Paragraph], words: Words) -> None:
        self._run = run
        self._words = words
        self._entries = [listed(p.text, words, item=p.item) for p in run]
        depths = [p.depth for p, entry in zip(run, self._entries, strict=True) if entry]
        self._base = min(depths, default=0)

    def read(self) -> Iterator[Block]:
        """Yield tables, and the paragraphs that belong to none."""
        rows, at = list[Row](), 0
        while at < len(self._run):
            taken = self._entry(at) or self._pieces(at)
            if taken is None:
                yield from _table(rows)
                yield self._run[at]
                rows, at = [], at + 1
            else:
                rows.append(taken[0])
                at = taken[1]
        yield from _table(rows)

    def _entry(self, at: int) -> tuple[Row, int] | None:
        """Take a paragraph with name and type, and its explanation: the next one, or a list of values below it."""
        entry, first = self._entries[at], self._run[at]
        if entry is None:
            return None
        text, end = entry.text, at + 1
        if not text and self._explains(end, first):
            text, end = self._run[end].text, end + 1
        while end < len(self._run) and _MORE.match(self._run[end].text):
            text, end = f"{text} {self._run[end].text}", end + 1
        heads = list[str]()
        while end < len(self._run) and (head := self._value(end, first)):
            heads.append(f"`{head}`")
            end += 1
        text = " ".join(filter(None, (text, " / ".join(heads))))
        return _row(first.line, Listed(entry.name, entry.type, entry.required, text), first.depth - self._base), end

    def _explains(self, at: int, entry: Paragraph) -> bool:
        """Whether a paragraph describes the entry before it."""
        if at >= len(self._run) or self._entries[at] is not None or self._run[at].depth < entry.depth:
            return False
        below = self._run[at].depth > entry.depth and self._value(at, entry)
        return not below and not self._is_name(at) and not _is_label(self._run[at].text)

    def _value(self, at: int, entry: Paragraph) -> str:
        """Return the value at the beginning of an entry below another entry; empty if there is none."""
        paragraph = self._run[at]
        if not paragraph.item or paragraph.depth <= entry.depth or self._entries[at] is not None:
            return ""
        match = _HEAD.match(paragraph.text)
        return match.group(1) if match else ""

    def _is_name(self, at: int) -> bool:
        following = self._run[at + 1].text if at + 1 < len(self._run) else ""
        return bool(NAME.match(self._run[at].text.strip("`"))) and self._words.is_type(following)

    def _pieces(self, at: int) -> tuple[Row, int] | None:
        """Take a name, a type, and optionally a mark and a description, each in a paragraph of its own."""
        run, first = self._run, self._run[at]
        if first.item or not self._is_name(at):
            return None
        end, required, text = at + 2, "", ""
        # Short, because sentences may begin with `Required` or `No`, too.
        if end < len(run) and len(run[end].text) < 40 and self._words.required(run[end].text) is not None:
            required, end = run[end].text, end + 1
        if end < len(run) and not self._is_name(end) and self._entries[end] is None and not _is_label(run[end].text):
            text, end = run[end].text, end + 1
        return Row(first.line, (first.text.strip("`"), run[at + 1].text, required, text)), end


def _is_label(text: str) -> bool:
    """Whether a line introduces what follows, so that it does not describe what precedes it."""
    return bool(_REQUEST.match(text)) or (len(text) < 60 and role_of(text, common_labels()) is not None)


def _table(rows: list[Row]) -> Iterator[Block]:
    if rows:
        yield Table(rows[0].line, DEFINITION, tuple(rows))
