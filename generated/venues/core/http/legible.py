# Edited in templates/venues/core/http/legible.py; the copy in generated/ is imported.
"""The headers of an answer that pyreqwest has read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyreqwest.http import HeaderMap


class Legible(Mapping[str, str]):
    """Headers by names in any case, without those that hold other letters than ASCII.

    The library raises when such a header is read, which may be anywhere: in a hook, in a traceback, and after an order
    was executed. And its own mapping waits for ever when it is compared with itself.
    """

    __slots__ = ("_found",)

    def __init__(self, found: HeaderMap) -> None:
        self._found = found

    def __getitem__(self, name: str) -> str:
        try:
            return self._found[name]
        except ValueError:
            raise KeyError(name) from None

    def __iter__(self) -> Iterator[str]:
        return (name for name in dict.fromkeys(self._found.keys()) if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return repr(dict(self))
