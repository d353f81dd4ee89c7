"""What the codes of errors mean."""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct as Record
from msgspec.structs import replace

from generator.model.documentation import Quirk


class ErrorMessage(Record, frozen=True):
    """What a code means with a certain message."""

    says: str
    """The exchange's message, or a part of it."""

    kind: str
    message: str
    unknown: bool

    @property
    def part(self) -> str:
        """What clients look for: the full stop is in the documentation, and may be missing from an answer."""
        return self.says.removesuffix(".")


class ErrorCode(Record, frozen=True, dict=True):
    """What a code means."""

    code: str
    kind: str
    message: str
    unknown: bool
    """Whether it leaves open if the request was executed."""

    http: int
    quirks: tuple[Quirk, ...] = ()
    messages: tuple[ErrorMessage, ...] = ()
    """What it means with certain messages; the first that fits counts."""

    @cached_property
    def meanings(self) -> tuple[tuple[str, ErrorCode], ...]:
        """The message, as it is documented → the code as it is meant then."""
        return tuple(
            (one.says, replace(self, kind=one.kind, message=one.message, unknown=one.unknown, quirks=(), messages=()))
            for one in self.messages
        )
