"""Samples as documentation prints them: JSON with comments, dots and missing commas."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_TOKEN = re.compile(r'("(?:\\.|[^"\\\n])*")|//[^\n]*|/\*.*?\*/|\.\.\.+|\xa0', re.DOTALL)
_EXTRA_COMMA = re.compile(r",(?=\s*[,}\]])")
_MISSING_COMMA = re.compile(r'(?<=["\d\]}el])(?=\s*\n\s*")')
_PLACE = re.compile(r"(?P<path>/?[A-Za-z0-9_{}.:-]+(?:/[A-Za-z0-9_{}.:-]+)+)|(?P<json>[{\[])")
_PARAMETER = re.compile(r":(\w+)")
_decoder = json.JSONDecoder()


@dataclass(frozen=True)
class Printed:
    """A value that a page prints, and the paths that it prints around it."""

    place: str
    value: Any
    before: tuple[str, ...]
    """The nearest first."""
    after: tuple[str, ...]


def printed(folder: Path) -> Iterator[Printed]:
    """Yield what the pages of an exchange print as objects and lists."""
    for page in sorted(page for page in folder.rglob("*") if page.is_file()):
        yield from _printed_on(page.relative_to(folder).as_posix(), _json_like(page.read_text("utf-8")))


def _json_like(text: str) -> str:
    """Return a page without comments and dots, and with the commas that JSON needs."""
    text = _TOKEN.sub(lambda found: found[1] or "", text)
    return _MISSING_COMMA.sub(",", _EXTRA_COMMA.sub("", text))


def _printed_on(page: str, text: str) -> Iterator[Printed]:
    end = 0
    paths: list[str] = []
    values: list[tuple[int, Any, int]] = []
    for found in _PLACE.finditer(text):
        if found.start() < end:
            continue
        if found["path"]:
            paths.append("/" + _PARAMETER.sub(r"{\1}", found["path"].strip("/")))
            continue
        try:
            value, end = _decoder.raw_decode(text, found.start())
        except ValueError:
            continue
        values.append((text.count("\n", 0, found.start()) + 1, value, len(paths)))
    for line, value, known in values:
        yield Printed(f"{page}:{line}", value, tuple(reversed(paths[:known])), tuple(paths[known:]))
