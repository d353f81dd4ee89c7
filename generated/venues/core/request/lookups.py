# Edited in templates/venues/core/request/lookups.py; the copy in generated/ is imported.
"""How what a call made is looked up, and how an exchange writes its id back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Ids = Literal["exact", "lower", "upper"]
"""In which case an exchange writes the caller's ids."""


@dataclass(frozen=True)
class Lookup:
    """A call that finds out whether another one was executed."""

    operation: str
    """Group and name."""
    params: tuple[tuple[str, str], ...]
    """Its parameters and what fills them, by wire name; `$sent` is the time of the lost call."""
    absent: tuple[str, ...] = ()
    """Codes that mean that there is no such order (or loan, …)."""
    client_id: str | None = None
    """The member of what is found that holds the caller's id."""
    made: str | None = None
    """The member that says when it came to be, in milliseconds."""
    agrees: tuple[tuple[str, str], ...] = ()
    """Parameters of the lost call, and the members of what is found that must say the same."""


@dataclass(frozen=True)
class Echo:
    """A member of an answer that names the thing which a parameter named: the two must agree."""

    param: str
    """The parameter (wire name)."""
    path: tuple[str, ...]
    """Where the answer has it: wire names, from the payload inward."""
    ids: Ids = "exact"
    """In which case the exchange writes it back."""
    prefix: str = ""
    """What the exchange puts before it."""

    def agrees(self, sent: str, answered: str) -> bool:
        """Whether two ids are the same as this exchange writes them."""
        return is_written_as(sent, answered, self.ids, self.prefix)


def is_written_as(sent: str, answered: str, ids: Ids, prefix: str) -> bool:
    """Whether an exchange that writes the caller's ids in this case, with this prefix, answers this one so."""
    expected = (sent, f"{prefix}{sent}")
    if ids == "exact":
        return answered in expected
    return answered.lower() in [text.lower() for text in expected]
