"""Derives sync modules from async ones, so that the two kinds of client have one source.

A template `client.py.unasync` makes the output `client.py`. Its first line that is not a comment names the module in the
same folder that it is derived from; every further line replaces a text of that module:

    from async_client.py

    AsyncCore -> SyncCore
    __aenter__ -> __enter__

Then `async` and `await` are dropped. Only whole words are replaced, the longest first, in code and docstrings alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from generator.ground.problems import Problem
from generator.ground.tree import tables_in

SUFFIX = ".unasync"
SOURCE = "from "
ARROW = " -> "
_AWAITED = re.compile(r"(?<![\w\])])\(await ")
"""A parenthesis that calls nothing, before an `await`."""
_KEYWORDS = re.compile(r"\b(?:async|await) ")


def derive_all(templates: Path) -> dict[str, str]:
    """Return the modules that the tables of a template tree derive: path → Python, not formatted yet."""
    return {name.removesuffix(SUFFIX): _Table(templates, name).derive() for name in tables_in(templates)}


def wrong_lines(templates: Path) -> Iterator[Problem]:
    """Yield the lines of tables that can't be followed."""
    for name in tables_in(templates):
        yield from _Table(templates, name).problems()


class _Table:
    """One table: what is derived from which module, and how."""

    def __init__(self, templates: Path, name: str) -> None:
        self._file = f"{templates.name}/{name}"
        self._lines: dict[int, str] = {}
        for number, line in enumerate((templates / name).read_text("utf-8").splitlines(), start=1):
            if line and not line.startswith("#"):
                self._lines[number] = line
        self._head = min(self._lines, default=1)
        source = (templates / name).parent / self._lines.get(self._head, "").removeprefix(SOURCE)
        self._text = source.read_text("utf-8") if source.is_file() else None

    def problems(self) -> Iterator[Problem]:
        """Yield lines that can't be applied; one without effect is a mistake, too, as the module has changed since."""
        if self._text is None:
            yield Problem(
                self._file, self._head, "from", "the first line must be `from` and the name of a module in this folder"
            )
            return
        for number, line in self._lines.items():
            old, arrow, _ = line.partition(ARROW)
            if number != self._head and not arrow:
                yield Problem(self._file, number, "line", "lacks an arrow; write `old -> new`")
            elif number != self._head and not _whole_word(old).search(self._text):
                yield Problem(self._file, number, "line", f"the module does not contain `{old}`")

    def derive(self) -> str:
        """Return the derived module."""
        assert self._text is not None
        words = dict(line.split(ARROW, 1) for number, line in self._lines.items() if number != self._head)
        return _KEYWORDS.sub("", _without_parentheses(_replace(self._text, words)))


def _replace(text: str, words: Mapping[str, str]) -> str:
    """Replace all words in one pass, so that nothing is replaced twice."""
    longest_first = sorted(words, key=len, reverse=True)
    pattern = "|".join(_whole_word(word).pattern for word in longest_first)
    return re.sub(pattern, lambda found: words[found[0]], text) if words else text


def _without_parentheses(text: str) -> str:
    """Drop the parentheses that only `await` needs: `(await call()).data` becomes `call().data`."""
    while found := _AWAITED.search(text):
        end = _closing_parenthesis(text, found.start())
        inner = text[found.end() : end]
        kept = inner if text[end + 1 : end + 2] == "." else f"({inner})"
        text = text[: found.start()] + kept + text[end + 1 :]
    return text


def _closing_parenthesis(text: str, start: int) -> int:
    """Return where the parenthesis that opens at `start` is closed; no text in a module holds half of a pair."""
    depth = 0
    for index in range(start, len(text)):
        depth += (text[index] == "(") - (text[index] == ")")
        if depth == 0:
            return index
    return len(text)


def _whole_word(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
