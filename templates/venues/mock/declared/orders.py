# Edited in templates/venues/mock/declared/orders.py; the copy in generated/ is imported.
"""What the specification says of orders: which call does what with them, and where their meanings stand."""

from __future__ import annotations

from typing import Literal

import msgspec

Words = tuple[str, ...]
Says = dict[str, Words]
"""A value as text → what it says, in the words of the specification; none for nothing special."""
Path = tuple[str | int, ...]


class Sent(msgspec.Struct, frozen=True):
    """A parameter, and what it means."""

    wire: str
    phrase: str = ""
    """Such as `client_id` or `filled quantity`; empty where nobody knows."""

    says: Says = {}
    default: str | None = None
    harmless: bool = False
    """Whether it changes nothing that is remembered."""


class Member(msgspec.Struct, frozen=True):
    """A member of an order in an answer."""

    path: Path
    """From the order inward."""

    phrase: str
    """What it means; `changed` for the time of the last change, `sent` for what repeats a parameter of the same name."""

    kind: str
    """Its type: string, enum, map, …"""

    optional: bool = False
    says: Says = {}
    signed: bool = False
    """Whether the sign of a position's size is its side."""

    negative: bool = False
    """Whether it is counted the other way."""

    level: Path = ()
    """Of a list of levels: where each has its price and its quantity."""


class Held(msgspec.Struct, frozen=True):
    """Where an answer has orders, and how one is written."""

    example: str
    """One order of an example, as JSON text."""

    members: tuple[Member, ...]
    path: Path = ()
    """From the top of the body."""

    many: bool = False
    """Whether there is a list of them."""

    clear: tuple[Path, ...] = ()
    """Lists of what was refused."""


class Paging(msgspec.Struct, frozen=True):
    """How the pages of a list are asked for."""

    by: Literal["time", "id", "cursor", "page"]
    start: str
    """The parameter that moves from page to page."""

    limit: str | None = None
    size: int | None = None
    goes: Literal["up", "down"] | None = None
    begin: str | None = None
    total: Path = ()
    next: Path = ()
    number: Path = ()
    """Members of the answer, from the top of the body."""


class Orders(msgspec.Struct, frozen=True):
    """What a call does with orders."""

    does: Literal["place", "cancel", "cancel_all", "get", "list"]
    of: Literal["open", "closed", "all", "some"] = "some"
    shelf: str = ""
    """What is identified and listed together."""

    sent: tuple[Sent, ...] = ()
    span: tuple[str, ...] = ()
    """The parameters between which orders were placed."""

    paging: Paging | None = None
    held: Held | None = None
    absent: str | None = None
    """The code for an order that is not there."""

    duplicate: str | None = None
    unique: str | None = None
    """For how long the exchange refuses the same client id: `always`, `open` or a time."""
