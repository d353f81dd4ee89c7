# Edited in templates/venues/cli/pages.py; the copy in generated/ is imported.
"""venues call --all: print all items of a list, and show on a terminal how far it has been read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from inspect import signature
from typing import Any, TextIO

from venues.cli.main import Usage
from venues.cli.printing import json_value, print_line
from venues.core.client import SyncCore
from venues.core.request.operation import Operation, Paged
from venues.hooks import Hooks, PageNote

WIDTH = 30


class Bar(Hooks):
    """Draws one line, which it draws again after every page; nothing where nobody looks."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_seen = stream.isatty()

    def on_page(self, api: str, note: PageNote) -> None:
        """Draw the line."""
        if self._is_seen:
            self._stream.write(f"\r{bar_text(note)}\x1b[K")
            self._stream.flush()

    def clear(self) -> None:
        """Remove the line."""
        if self._is_seen:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


def bar_text(note: PageNote) -> str:
    """Return what a bar shows: the part that was read, where it is known, and how much that is."""
    counted = f"{note.items} items, {note.pages} pages"
    if note.done is None:
        return counted
    full = int(WIDTH * note.done)
    return f"[{'#' * full}{'.' * (WIDTH - full)}] {note.done:4.0%}  {counted}"


def print_all(client: SyncCore, operation: Operation[Any], arguments: Mapping[str, object], bar: Bar) -> None:
    """Print all items of a list, each as a line of JSON, as soon as its page was read."""
    try:
        for item in _method(client, operation, arguments)(**arguments):
            bar.clear()
            print_line(json.dumps(json_value(item), ensure_ascii=False))
    finally:
        bar.clear()


def _method(client: SyncCore, operation: Operation[Any], arguments: Mapping[str, object]) -> Callable[..., Any]:
    """Return the method that iterates over a list, if it takes these arguments."""
    if not isinstance(operation, Paged):
        raise Usage(f"{operation.full_name} can't be read page by page; leave out --all")
    group: Any = getattr(client, operation.group)
    method: Callable[..., Any] = getattr(group, f"iter_{operation.name.removeprefix('get_')}")
    try:
        signature(method).bind(**arguments)
    except TypeError as error:
        raise Usage(f"{operation.full_name} with --all: {error}") from None
    return method
