"""Tables of HTML pages: cells that span rows or columns, headings in two rows, tables in cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from generator.drift.pages.blocks import Block, Paragraph, Row, Table, Unreadable, one_line
from generator.drift.pages.html_text import Element, content

# `colspan="1000"` in each row would fill the memory, so columns and cells are bounded.
MAX_CELLS = 400_000
MAX_SPAN = 20
INNER = frozenset({"table"})


@dataclass(frozen=True)
class _Line:
    """A row with all its columns, and whether a single cell spans them."""

    element: Element
    texts: list[str]
    whole: bool


class Tables:
    """Reads the tables of one page, up to a number of cells."""

    def __init__(self, line: Callable[[Element], int]) -> None:
        self._line = line
        self._cells = 0

    def read(self, table: Element) -> Iterator[Block]:
        """Yield a table; a first row that spans all columns is yielded as a line before it."""
        lines = [line for line in self._grid(table) if any(line.texts)]
        while len(lines) > 1 and lines[0].whole:
            yield Paragraph(self._line(lines[0].element), lines.pop(0).texts[0])
        if not lines:
            return
        height = min(_height(lines[0].element), len(lines))
        header = _merge([line.texts for line in lines[:height]])
        rows = [row for line in lines[height:] for row in self._rows(line, header)]
        yield Table(self._line(lines[0].element), header, tuple(rows))

    def _rows(self, line: _Line, header: tuple[str, ...]) -> Iterator[Row]:
        """Yield a row, and the rows of a table in it that lists the members of the row's object."""
        at = self._line(line.element)
        # A cell as wide as the table is a title and not a name, so it is put in a column without names.
        yield Row(at, ("", *line.texts[:-1]) if line.whole else tuple(line.texts))
        for inner in _inner(line.element, header):
            for table in self.read(inner):
                yield from _below(table, header) if isinstance(table, Table) else ()

    def _grid(self, table: Element) -> Iterator[_Line]:
        """Yield the rows; a cell that spans several rows is in each of them."""
        hanging = dict[int, tuple[int, str]]()
        header = tuple[str, ...]()
        _enclose(table)
        for row in table.iter("tr"):
            if _table_of(row) is not table:
                continue
            line = _line(row, hanging, header)
            header = header or tuple(line.texts)
            self._cells += len(line.texts)
            if self._cells > MAX_CELLS:
                raise Unreadable(f"more than {MAX_CELLS} cells in tables; read its pages one by one")
            yield line


def _enclose(table: Element) -> None:
    """Put cells that stand between two rows into a row of their own, as browsers do."""
    loose = [cell for cell in table.iter("td", "th") if _lies_between(cell) and _table_of(cell) is table]
    for cell in loose:
        # A cell that was put into the row of the one before it.
        if not _lies_between(cell):
            continue
        row = etree.Element("tr")
        row.sourceline = cell.sourceline
        cell.addprevious(row)
        while (after := row.getnext()) is not None and after.tag in ("td", "th"):
            row.append(after)


def _lies_between(cell: Element) -> bool:
    parent = cell.getparent()
    return parent is not None and parent.tag != "tr"


def _below(table: Table, header: tuple[str, ...]) -> Iterator[Row]:
    """Yield the rows of an inner table in the columns of the outer one, marked as members."""
    for row in table.rows:
        cells = dict(zip(map(_word, table.header), row.cells, strict=False))
        name, *others = (cells.get(_word(heading), "") for heading in header)
        yield Row(row.line, (f">{name}", *others))


def _line(row: Element, hanging: dict[int, tuple[int, str]], header: tuple[str, ...]) -> _Line:
    cells = [cell for cell in row if isinstance(cell.tag, str) and cell.tag.lower() in ("td", "th")]
    inner, texts = frozenset(_inner(row, header)), list[str]()
    whole = len(cells) == 1 and not hanging and _number(cells[0].get("colspan")) > 1
    for cell in cells:
        _hang(hanging, texts)
        without = INNER if any(table in inner for table in cell.iter("table")) else frozenset[str]()
        text, down = one_line(content(cell, without)), _number(cell.get("rowspan")) - 1
        for column in range(min(_number(cell.get("colspan")), MAX_SPAN)):
            if down:
                hanging[len(texts)] = (down, "" if column else text)
            # The text once: repeated in each column, it would be a name, a type and a description.
            texts.append("" if column else text)
    _hang(hanging, texts)
    return _Line(row, texts, whole)


def _hang(hanging: dict[int, tuple[int, str]], texts: list[str]) -> None:
    """Fill the columns of cells above that span this row, too."""
    while len(texts) in hanging:
        left, text = hanging.pop(len(texts))
        if left > 1:
            hanging[len(texts)] = (left - 1, text)
        texts.append(text)


def _inner(row: Element, header: tuple[str, ...]) -> Iterator[Element]:
    """Yield the tables in a row that have the headings of the outer table."""
    outer = {_word(heading) for heading in header}
    for table in row.iter("table"):
        first = next(table.iter("tr"), None)
        if first is None or next(_table_of(first).iterancestors("tr"), None) is not row:
            continue
        words = [_word(one_line(content(cell))) for cell in first if isinstance(cell.tag, str)]
        # Other inner tables are layout, or examples inside a description.
        if header and words[:1] == [_word(header[0])] and set(words) <= outer:
            yield table


def _height(row: Element) -> int:
    """Return the number of rows with headings: the largest rowspan in the first row."""
    cells = [cell for cell in row if isinstance(cell.tag, str)]
    headings = all(cell.tag == "th" for cell in cells)
    return min(max(_number(cell.get("rowspan")) for cell in cells), MAX_SPAN) if cells and headings else 1


def _merge(rows: list[list[str]]) -> tuple[str, ...]:
    """Return the lowest heading of each column."""
    width = max(map(len, rows))
    columns = ([row[column] for row in rows if column < len(row) and row[column]] for column in range(width))
    return tuple(column[-1] if column else "" for column in columns)


def _word(heading: str) -> str:
    return heading.strip("*: ").lower()


def _table_of(row: Element) -> Element:
    return next(row.iterancestors("table"))


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and 0 < len(text) < 4 and int(text) > 0 else 1
