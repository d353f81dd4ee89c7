"""What the exchange documents, where that is odd, and how it changed."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct as Record


class Page(Record, frozen=True):
    """A page of the exchange's documentation."""

    name: str
    url: str
    read: str
    title: str | None = None


class Quirk(Record, frozen=True):
    """An oddity and why the spec takes the side that it takes."""

    what: str
    why: str
    # The day matters: documentation changes, and an old quirk may be gone.
    seen: str | None = None

    @property
    def text(self) -> str:
        """Both in plain text."""
        return f"{self.what} {self.why}"


class Coverage(Record, frozen=True):
    """How much of what is documented the spec has."""

    what: str
    documented: int
    covered: int
    why: str = ""
    """Why the two differ."""


class Change(Record, frozen=True):
    """One change of the exchange's documentation."""

    change: str
    """Its id: param-added …"""

    level: Literal["breaking", "new", "wording"]
    owner: str
    """The operation (`GET /path`), channel, enum or list of codes."""

    name: str
    before: str
    after: str


class Revision(Record, frozen=True):
    """What had changed on the day on which the documentation was read."""

    seen: str
    note: str | None
    changes: tuple[Change, ...]
