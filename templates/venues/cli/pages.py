# Edited in templates/venues/cli/pages.py; the copy in generated/ is imported.
"""Reads all items of a list, and shows on a terminal how far it has been read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import signature
from typing import TYPE_CHECKING, Any, TextIO

from venues.cli.usage import Usage
from venues.core.client import SyncCore
from venues.core.request.operation import Operation, Paged
from venues.hooks import Hooks, PageNote

if TYPE_CHECKING:
    from venues.core.paging.course import PagerPosition
    from venues.core.paging.pager import Pager

WIDTH = 30
"""Characters of the bar; with the counts beside it, it fits a terminal of 80."""


class Bar(Hooks):
    """Draws one line, which it draws again after every page; nothing if the output is no terminal."""

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


def all_items(
    client: SyncCore,
    operation: Operation[Any],
    arguments: Mapping[str, object],
    position: PagerPosition | None = None,
    *,
    by: str = " with --all",
    instead: str = "leave out --all",
) -> Pager[Any]:
    """Return what iterates over a list, if it can be read page by page with these arguments.

    Args:
        client: Calls it.
        operation: Returns a list.
        arguments: By Python name.
        position: Where to begin, if not at the begin.
        by: The option that wants this, for messages.
        instead: What to do where it can't be read so.

    Raises:
        Usage: if it can't.
    """
    if not isinstance(operation, Paged):
        raise Usage(f"{operation.full_name} can't be read page by page; {instead}")
    group: Any = getattr(client, operation.group)
    method: Callable[..., Pager[Any]] = getattr(group, f"iter_{operation.name.removeprefix('get_')}")
    try:
        signature(method).bind(**arguments)
    except TypeError as error:
        raise Usage(f"{operation.full_name}{by}: {error}") from None
    return method(**arguments, position=position)
