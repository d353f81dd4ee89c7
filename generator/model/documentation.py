"""What the exchange documents, where that is odd, and how it changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Page:
    """A page of the exchange's documentation."""

    name: str
    url: str
    read: str
    title: str | None = None


@dataclass(frozen=True)
class Quirk:
    """An oddity and why the spec takes the side that it takes."""

    what: str
    why: str
    # The day matters: documentation changes, and an old quirk may be gone.
    seen: str | None = None

    @property
    def text(self) -> str:
        """Both in plain text."""
        return f"{self.what} {self.why}"


@dataclass(frozen=True)
class Coverage:
    """How much of what is documented the spec has."""

    what: str
    documented: int
    covered: int
    why: str = ""
    """Why the two differ."""


@dataclass(frozen=True)
class Change:
    """One change of the exchange's documentation."""

    change: str
    """Its id: param-added …"""

    level: Literal["breaking", "new", "wording"]
    owner: str
    """The operation (`GET /path`), channel, enum or list of codes."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Revision:
    """What had changed on the day on which the documentation was read."""

    seen: str
    note: str | None
    changes: tuple[Change, ...]
