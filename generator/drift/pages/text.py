"""Turns text that was extracted from a page into blocks: its tables and samples must be found again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from generator.drift.pages.blocks import Block, Code, Heading, Paragraph, Row, Table
from generator.drift.pages.definitions import with_definitions
from generator.drift.pages.flat import Cell, flat_rows, glued_header, glued_row
from generator.drift.pages.words import Words

BUTTONS = frozenset({"Copy", "Copied!", "View as Markdown", "Copy page", "Ask AI", "Expand", "Try it"})
MAX_SAMPLE = 3000  # lines; without an end until there, it is no sample
SCREEN = 60  # lines that are tried first for a flattened table, which is mostly short
PATIENCE = 100
"""Samples without an end, after which no more are searched for: each costs a walk through the page."""
# The line under the headings of a table: |---|:--:|, ---+---, ===.
_RULE = re.compile(r"[\s|:+=-]*(?:---|===)[\s|:+=-]*\Z")
# Extracted text has the number of a code block's first line before its text: `1GET /v1/time`, `1{`.
_NUMBERED = re.compile(r"1((?:GET|POST|PUT|DELETE|PATCH) ?/.*|[{\[].*|curl .*)\Z")
_FOUND = tuple[Block, int] | None


def text_blocks(text: str, words: Words) -> tuple[Block, ...]:
    """Read an extracted page."""
    return with_definitions(list(_Reader(text.split("\n"), words).read()), words)


class _Reader:
    """Tries the layouts in order at each line."""

    def __init__(self, lines: list[str], words: Words) -> None:
        self._lines = lines
        self._words = words
        self._failures = 0
        # From the most to the least certain: a later layout would also read blocks of an earlier one.
        self._layouts: tuple[Callable[[int], _FOUND], ...] = (
            self._heading,
            self._pipes,
            self._columns,
            self._numbered,
            self._curl,
            self._sample,
            self._flat,
            self._glued,
            self._paragraph,
        )

    def read(self) -> Iterable[Block]:
        """Yield the blocks in order."""
        at = 0
        while at < len(self._lines):
            if not self._lines[at].strip() or self._lines[at].strip() in BUTTONS:
                at += 1
                continue
            found = next(found for layout in self._layouts if (found := layout(at)))
            yield found[0]
            at = found[1]

    def _heading(self, at: int) -> _FOUND:
        match = re.match(r"(#{1,6})\s+(\S.*)", self._lines[at])
        return (Heading(at + 1, match.group(2).strip(), len(match.group(1))), at + 1) if match else None

    def _paragraph(self, at: int) -> _FOUND:
        line = self._lines[at].strip()
        bullet = re.match(r"[-*•·]\s+(?=\S)", line)
        if bullet is None:
            return Paragraph(at + 1, line), at + 1
        indent = len(self._lines[at]) - len(self._lines[at].lstrip())
        return Paragraph(at + 1, line[bullet.end() :], True, 1 + min(indent, 40) // 2), at + 1

    def _pipes(self, at: int) -> _FOUND:
        if "|" not in self._lines[at] or at + 1 >= len(self._lines) or _RULE.match(self._lines[at]):
            return None
        header, rows, end = _cells(self._lines[at]), list[Row](), at + 1
        if not _RULE.match(self._lines[end]) and not ("|" in self._lines[end] and self._is_header(header)):
            return None
        while end < len(self._lines) and ("|" in self._lines[end] or _RULE.match(self._lines[end])):
            cells = _cells(self._lines[end])
            if rows and _continues(rows[-1].cells, cells, len(header)):
                rows[-1] = Row(rows[-1].line, rows[-1].cells + cells)
            elif not _RULE.match(self._lines[end]):
                rows.append(Row(end + 1, cells))
            end += 1
        return Table(at + 1, header, tuple(rows)), end

    def _is_header(self, cells: Sequence[str]) -> bool:
        """Whether cells are the headings of a table, judged by their words."""
        roles = [role for cell in cells if (role := self._words.role(cell))]
        first = {"name", "field", "code", "value", "channel", "method"} & set(roles)
        return len(roles) >= 2 and len(roles) * 2 >= len(cells) and bool(first)

    def _columns(self, at: int) -> _FOUND:
        """Find a table whose cells are separated by tabs or wide gaps."""
        header, rows, end = _aligned(self._lines[at]), list[Row](), at + 1
        if not self._is_header(header):
            return None
        while end < len(self._lines) and len(cells := _aligned(self._lines[end])) > 1:
            if not _RULE.match(self._lines[end]):
                rows.append(Row(end + 1, cells))
            end += 1
        return (Table(at + 1, header, tuple(rows)), end) if rows else None

    def _numbered(self, at: int) -> _FOUND:
        """Find code whose line numbers were extracted with it."""
        if not _NUMBERED.match(self._lines[at]):
            return None
        lines, end = list[str](), at
        while end < len(self._lines) and self._lines[end].startswith(str(len(lines) + 1)):
            lines.append(self._lines[end][len(str(len(lines) + 1)) :])
            end += 1
        return Code(at + 1, "\n".join(lines)), end

    def _curl(self, at: int) -> _FOUND:
        if not self._lines[at].startswith(("curl ", "$ curl ")):
            return None
        end, depth = at + 1, _depth(self._lines[at])
        while end < len(self._lines) and (depth > 0 or re.match(r"\s*-[-A-Za-z]", self._lines[end])):
            if end - at > MAX_SAMPLE:
                return None
            depth += _depth(self._lines[end])
            end += 1
        return Code(at + 1, "\n".join(self._lines[at:end]), "bash"), end

    def _sample(self, at: int) -> _FOUND:
        line = self._lines[at].strip()
        if not re.match(r"[{\[]\s*(?:$|[\"{\[\]}/])", line):
            return None
        if line[-1] in "}]" and line[0] in "{[" and len(line) > 2 and '"' in line:
            return Code(at + 1, line, "json"), at + 1
        end, depth = at, 0
        while self._failures < PATIENCE and end < len(self._lines) and end - at < MAX_SAMPLE:
            # Brackets in a comment do not count; `//` after a colon is an address, and no comment.
            depth += _depth(self._lines[end].split("//")[0] if "://" not in self._lines[end] else self._lines[end])
            end += 1
            if depth <= 0:
                return Code(at + 1, "\n".join(self._lines[at:end]), "json"), end
        self._failures += 1
        return None

    def _flat(self, at: int) -> _FOUND:
        """Find a table with each cell on a line of its own."""
        header = list[str]()
        for line in self._lines[at : at + 8]:
            if self._words.role(line) is None or line.strip().lower() in map(str.lower, header):
                break
            header.append(line.strip())
        roles = [self._words.role(word) or "" for word in header]
        if len(header) < 2 or not {"name", "field"} & set(roles):
            return None
        first, most = at + len(header), SCREEN
        cells = self._cells_from(first, most)
        rows, end = flat_rows(cells, roles, self._words)
        while rows and most < MAX_SAMPLE and cells[-1].end - end < 2 * len(roles) + 4:
            most *= 4
            cells = self._cells_from(first, most)
            rows, end = flat_rows(cells, roles, self._words)
        return (Table(at + 1, tuple(header), tuple(rows)), end or first) if rows else None

    def _cells_from(self, at: int, most: int) -> list[Cell]:
        """Return the possible cells of a flattened table: lines, or runs of lines between blank ones."""
        while at < len(self._lines) and not self._lines[at].strip():
            at += 1
        spaced = at + 1 < len(self._lines) and not self._lines[at + 1].strip()
        cells = list[Cell]()
        for index in range(at, min(len(self._lines), at + most)):
            text = self._lines[index].strip()
            if text and spaced and cells and cells[-1].end == index:
                cells[-1] = Cell(cells[-1].line, index + 1, f"{cells[-1].text} {text}")
            elif text:
                cells.append(Cell(index + 1, index + 1, text))
        return cells

    def _glued(self, at: int) -> _FOUND:
        """Find a table whose cells were joined without spaces."""
        header = glued_header(self._lines[at].strip(), self._words)
        if header is None:
            return None
        roles = [self._words.role(word) or "" for word in header]
        rows, end = list[Row](), at + 1
        while end < len(self._lines) and (cells := glued_row(self._lines[end].strip(), roles, self._words)):
            rows.append(Row(end + 1, cells))
            end += 1
        return (Table(at + 1, header, tuple(rows)), end) if rows else None


def _aligned(line: str) -> tuple[str, ...]:
    text = line.rstrip()
    return tuple(cell.strip() for cell in (text.split("\t") if "\t" in text else re.split(r" {2,}", text.lstrip())))


def _cells(line: str) -> tuple[str, ...]:
    text = line.strip()
    text = text.removeprefix("|").removesuffix("|")
    return tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", text))


def _continues(before: tuple[str, ...], cells: tuple[str, ...], columns: int) -> bool:
    """Whether a row was broken into two lines, as happens if a cell had a tag."""
    return len(before) < columns and len(before) > 1 and len(before) + len(cells) == columns


def _depth(line: str) -> int:
    # Brackets inside strings do not count.
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', "", line)
    return sum(bare.count(c) for c in "{[") - sum(bare.count(c) for c in "}]")
