"""What calls do to things, and where those are found afterwards."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct as Record

from generator.model.vocabulary import SETTINGS


class Leg(Record, frozen=True):
    """One order of a group, and which parameters say what of it."""

    name: str
    sent: dict[str, str]
    """Wire name → what it means for this order."""

    after: str | None = None
    """The leg that must be filled before; None where it is placed at once."""

    kind: tuple[str, ...] = ()
    """The features that it always has."""


class Deed(Record, frozen=True):
    """What a call does."""

    verb: Literal["place", "amend", "cancel", "close", "get", "list", "set"]
    thing: str
    """A thing; of `get` and `set` also a setting."""

    every: bool = False
    """Whether it is done to all of them."""

    @property
    def about(self) -> str:
        """The thing that its parameters describe: closing a position makes an order, and a setting is a position's."""
        if self.verb == "close":
            return "order"
        return "position" if self.thing in SETTINGS else self.thing

    @property
    def spec(self) -> str:
        """As the spec has it: `cancel all order`."""
        return f"{self.verb} {'all ' if self.every else ''}{self.thing}"


class Forgets(Record, frozen=True):
    """How long after its end a thing can be found; None where nothing says that it can't."""

    unfilled_ms: int | None
    """Of an order that ended without a fill."""

    else_ms: int | None

    @property
    def soonest_ms(self) -> int | None:
        """How long anything can be found at least."""
        return min((ms for ms in (self.unfilled_ms, self.else_ms) if ms is not None), default=None)


class Shelf(Record, frozen=True):
    """Things that are identified and listed together."""

    name: str = ""
    by: tuple[str, ...] = ()
    """Parameters whose values tell shelves apart."""
