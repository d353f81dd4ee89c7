# Edited in templates/venues/core/paging/items.py; the copy in generated/ is imported.
"""Items of a page: what identifies them, and where they stand in their list."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from venues.core.request.paging import Paging
from venues.errors import PagingError

DIGEST = 10
"""Bytes of a digest of a whole item: with 10, two of a billion items are the same once in a million lists."""


class Item(NamedTuple):
    """One item of a page."""

    key: str
    """What identifies it: its id, or a digest of all that it holds."""
    at: int
    """Its time in milliseconds, negative where time runs backwards; 0 where times do not matter."""
    id: str
    """Its id, if it has one."""
    value: Any
    """What the caller gets: a model, or JSON."""


def items_of(paging: Paging, answer: Any, operation: str) -> list[Item]:
    """Return the items of an answer, in its order.

    Raises:
        PagingError: if an item lacks the time by which the list pages.
    """
    values: Any = answer
    if paging.items and answer is not None:
        values = next((found for name in paging.items if (found := getattr(answer, name))), None)
    return [_item(paging, value, operation) for value in values or ()]


def number_of(text: str) -> int | None:
    """Return the number of an id or a count; None where it is none."""
    return int(text) if text.removeprefix("-").isdecimal() else None


def _item(paging: Paging, value: Any, operation: str) -> Item:
    time = getattr(value, paging.time) if paging.time else 0
    if time is None and paging.by == "time":
        raise PagingError(operation, f"an item has no {paging.time}, so it is unknown where the next page begins")
    parts = [getattr(value, name) for name in paging.key]
    # An incomplete id would make different items look alike.
    id_ = "" if not parts or None in parts else ":".join(map(_text, parts))
    return Item(id_ or _digest(value), (time or 0) * paging.time_ms, id_, value)


def _text(part: object) -> str:
    return str(part.value if isinstance(part, Enum) else part)


def _digest(value: object) -> str:
    body = msgspec.json.encode(value, enc_hook=str, order="deterministic")
    return "#" + blake2b(body, digest_size=DIGEST).hexdigest()


def distinct(items: Iterable[Item]) -> list[Item]:
    """Drop items whose id an earlier one has; items without an id may be alike."""
    ids: set[str] = set()
    kept = []
    for item in items:
        if item.id not in ids or not item.id:
            kept.append(item)
        ids.add(item.id)
    return kept
