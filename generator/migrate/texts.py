"""A YAML text with the positions of its keys and values, and edits that leave every other character unchanged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import yaml

# The C loader is several times as fast, and not part of every build of PyYAML.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Path = tuple[str | int, ...]
Node = yaml.Node
Mapping = yaml.MappingNode


@dataclass(frozen=True)
class Pair:
    """A key and its value."""

    key: yaml.ScalarNode
    value: Node

    @property
    def name(self) -> str:
        """The key as a text."""
        return str(self.key.value)


@dataclass(frozen=True)
class Edit:
    """A replacement for a part of the text."""

    start: int
    end: int
    text: str


class Undecided(Exception):
    """Something that a person must rewrite, with its line."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line
        self.what = what


class Text:
    """One file, with its tree."""

    def __init__(self, text: str) -> None:
        """Read it.

        Raises:
            yaml.YAMLError: where it is no YAML.
        """
        self.text = text
        self.root = yaml.compose(text, Loader=LOADER)

    def apply(self, edits: Iterable[Edit], start: int = 0, end: int | None = None) -> str:
        """Return the text, or a part of it, with edits that do not overlap; the same one twice counts once."""
        text = self.text[:end]
        # From the end, so that earlier positions stay valid.
        for edit in sorted(set(edits), key=lambda edit: (edit.start, edit.end), reverse=True):
            text = text[: edit.start] + edit.text + text[edit.end :]
        return text[start:]

    def mappings(self) -> Iterator[tuple[Path, Mapping]]:
        """Yield every mapping with its path, from the outside in."""
        yield from _mappings(self.root, ())

    def slice(self, node: Node) -> str:
        """Return a value as it is written."""
        return self.text[start_of(node) : end_of(node)]

    def line_start(self, index: int) -> int:
        """Return where the line of a letter begins."""
        return self.text.rfind("\n", 0, index) + 1

    def line_end(self, index: int) -> int:
        """Return where the line after a letter begins."""
        found = self.text.find("\n", index)
        return len(self.text) if found < 0 else found + 1

    def end_of_lines(self, node: Node) -> int:
        """Return where the line after the last one of a value begins."""
        end = end_of(node)
        # A literal block ends with its last line break; other values end before the one of their line.
        return end if end and self.text[end - 1] == "\n" else self.line_end(end)

    def chunks(self, mapping: Node) -> list[tuple[Pair, str]]:
        """Return the pairs of a block mapping with their lines; comments above a pair belong to it."""
        found, start = list[tuple[Pair, str]](), None
        for pair in pairs(mapping):
            start = self.line_start(start_of(pair.key)) if start is None else start
            end = self.end_of_lines(pair.value)
            found.append((pair, self.text[start:end]))
            start = end
        return found

    def comment_start(self, pair: Pair) -> int:
        """Return where the comments right above a pair begin, or its line where there are none."""
        start = self.line_start(start_of(pair.key))
        while start and re.fullmatch(r" *#.*\n", above := self.text[self.line_start(start - 1) : start]):
            start -= len(above)
        return start

    def lines(self, pair: Pair) -> str:
        """Return the lines of a pair of a block mapping, with the comments above it."""
        return self.text[self.comment_start(pair) : self.end_of_lines(pair.value)]

    def cut(self, mapping: Mapping, pair: Pair, *, moved: bool) -> Edit:
        """Return the edit that takes a pair out; its comments go where it is moved to, else they stay."""
        edit = self._cut_inside(mapping, pair) if is_flow(mapping) else self._cut_lines(mapping, pair, moved=moved)
        if not moved and "#" in (gone := self.text[end_of(pair.value) : edit.end]):
            indent = " " * indent_of(pair.key)
            return Edit(edit.start, edit.end, f"{indent}{gone.strip()}\n")
        return edit

    def _cut_inside(self, mapping: Mapping, pair: Pair) -> Edit:
        known = pairs(mapping)
        at = [other.key for other in known].index(pair.key)
        if at + 1 < len(known):
            return Edit(start_of(pair.key), start_of(known[at + 1].key), "")
        return Edit(end_of(known[at - 1].value) if at else start_of(pair.key), end_of(pair.value), "")

    def _cut_lines(self, mapping: Mapping, pair: Pair, *, moved: bool) -> Edit:
        start = self.line_start(start_of(pair.key))
        if self.text[start : start_of(pair.key)].strip():  # the first of a list's entry, behind its dash
            following = pairs(mapping)[1:]
            if not following:
                raise Undecided(line_of(pair.key), f"`{pair.name}` is the only key here")
            return Edit(start_of(pair.key), start_of(following[0].key), "")
        return Edit(self.comment_start(pair) if moved else start, self.end_of_lines(pair.value), "")


def pairs(mapping: Node | None) -> list[Pair]:
    """Return the keys and values of a mapping; keys that are no texts are left out."""
    if not isinstance(mapping, Mapping):
        return []
    return [Pair(key, value) for key, value in mapping.value if isinstance(key, yaml.ScalarNode)]


def pair_of(mapping: Node | None, name: str) -> Pair | None:
    """Return the pair of a key."""
    return next((pair for pair in pairs(mapping) if pair.name == name), None)


def is_flow(node: Node) -> bool:
    """Whether a value stands in braces or brackets."""
    return isinstance(node, yaml.CollectionNode) and bool(node.flow_style)


def start_of(node: Node) -> int:
    """Return where a value begins."""
    return int(node.start_mark.index)


def end_of(node: Node) -> int:
    """Return where a value ends; for a block the parser reports where the next token begins."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return end_of(last[1] if isinstance(last, tuple) else last)
    # Scalars and braces: here the parser's mark is exact.
    return int(node.end_mark.index)


def line_of(node: Node) -> int:
    """Return the line of a value, counted from 1."""
    return int(node.start_mark.line) + 1


def indent_of(node: Node) -> int:
    """Return the column in which a value begins."""
    return int(node.start_mark.column)


def reindent(lines: str, by: int) -> str:
    """Indent lines, or the reverse where `by` is less than zero; blank lines stay."""
    if by < 0:
        return re.sub(rf"(?m)^ {{{-by}}}", "", lines)
    return re.sub(r"(?m)^(?=[^\n])", " " * by, lines)


def _mappings(node: Node | None, path: Path) -> Iterator[tuple[Path, Mapping]]:
    if isinstance(node, Mapping):
        yield path, node
        for pair in pairs(node):
            yield from _mappings(pair.value, (*path, pair.name))
    elif isinstance(node, yaml.SequenceNode):
        for index, member in enumerate(node.value):
            yield from _mappings(member, (*path, index))
