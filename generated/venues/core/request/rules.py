# Edited in templates/venues/core/request/rules.py; the copy in generated/ is imported.
"""Rules about several parameters, checked before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal, Protocol

from venues.core.request.wire import text_of
from venues.errors import InvalidRequest

SPANS = ((86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1000, "second"), (1, "millisecond"))
_MAY_BE_GIVEN: dict[str, tuple[int | None, int | None]] = {
    "require": (None, None),
    "forbid": (0, 0),
    "one_of": (1, 1),
    "at_least_one_of": (1, None),
    "at_most_one_of": (0, 1),
}
"""Kind → the least and the most of its parameters that may be given; None stands for all."""
_TEXTS = {
    "require": "{named} must be given",
    "forbid": "{named} must not be given",
    "one_of": "exactly one of {listed} must be given",
    "at_least_one_of": "one of {listed} must be given",
    "at_most_one_of": "only one of {listed} may be given",
}


class Subject(Protocol):
    """What a rule needs to know about a parameter; conditions on topics of streams have another class for it."""

    @property
    def name(self) -> str:
        """Our word for it."""
        ...

    @property
    def kind(self) -> object:
        """What it holds, as `timestamp_s`."""
        ...

    @property
    def default(self) -> str | None:
        """What the exchange takes when it is not sent, as text."""
        ...


@dataclass(frozen=True)
class Condition:
    """A condition on one parameter: it has one of the values, is there or not, or lies in a range."""

    wire: str
    values: tuple[str, ...] = ()
    present: bool | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None

    def holds(self, sent: Mapping[str, object], params: Mapping[str, Subject]) -> bool:
        """Whether it holds for a call; where nothing is sent, the exchange's default counts."""
        value = sent.get(self.wire)
        if self.present is not None:
            return (value is not None) == self.present
        if value is None:
            value = params[self.wire].default
        if value is None:
            return False
        text = value if type(value) is str else text_of(value)  # nearly always a str, and a call costs more
        if self.values:
            return text in self.values
        # Exact: a limit of 0.1 must not depend on binary fractions. Of a list, the members are counted.
        number = Decimal(len(value) if isinstance(value, list) else text)
        return (self.minimum is None or number >= self.minimum) and (self.maximum is None or number <= self.maximum)

    def phrase(self, params: Mapping[str, Subject]) -> str:
        """Return it in words, for a message."""
        name = params[self.wire].name
        if self.present is not None:
            return f"{name} is {'given' if self.present else 'not given'}"
        if self.values:
            return f"{name} is {' or '.join(self.values)}"
        bounds = (("at least", self.minimum), ("at most", self.maximum))
        said = " and ".join(f"{words} {bound}" for words, bound in bounds if bound is not None)
        return f"{name} is {said}" if isinstance(params[self.wire].kind, (str, type)) else f"{name} has {said} items"


@dataclass(frozen=True)
class Rule:
    """A rule about several parameters, by their wire names."""

    kind: Literal["require", "forbid", "one_of", "at_least_one_of", "at_most_one_of", "window"]
    wires: tuple[str, ...]
    when: tuple[Condition, ...] = ()
    within: int | None = None
    """How far apart the two times of a window may be, in milliseconds; None where only their order counts."""
    under: bool = False
    """Whether they must be less than that apart."""
    why: str = ""

    def check(self, sent: Mapping[str, object], params: Mapping[str, Subject]) -> None:
        """Check a call against the rule.

        Raises:
            InvalidRequest: if it breaks the rule.
        """
        for condition in self.when:
            if not condition.holds(sent, params):
                return
        broken = self._window_problem(sent, params) if self.kind == "window" else self._count_problem(sent, params)
        if broken:
            when = " when " + " and ".join(condition.phrase(params) for condition in self.when) if self.when else ""
            raise InvalidRequest(f"{broken}{when}{f' ({self.why})' if self.why else ''}")

    @cached_property
    def _bounds(self) -> tuple[int, int]:
        """How many of its parameters may be given."""
        least, most = _MAY_BE_GIVEN[self.kind]
        return len(self.wires) if least is None else least, len(self.wires) if most is None else most

    def _count_problem(self, sent: Mapping[str, object], params: Mapping[str, Subject]) -> str:
        """Return what is wrong with how many of its parameters are given; empty if nothing is."""
        least, most = self._bounds
        if least <= len(sent.keys() & self.wires) <= most:
            return ""
        named = " and ".join(params[wire].name for wire in self.wires if (wire in sent) == (self.kind == "forbid"))
        listed = ", ".join(params[wire].name for wire in self.wires)
        return _TEXTS[self.kind].format(named=named, listed=listed)

    def _window_problem(self, sent: Mapping[str, object], params: Mapping[str, Subject]) -> str:
        """Return what is wrong with the distance of two times; empty if nothing is, or if one is not given."""
        start, end = (sent.get(wire) for wire in self.wires)
        if start is None or end is None:
            return ""
        # Both times have one unit; `within` is in milliseconds.
        scale = 1000 if params[self.wires[0]].kind == "timestamp_s" else 1
        length = (int(text_of(end)) - int(text_of(start))) * scale
        first, last = (params[wire].name for wire in self.wires)
        if length < 0:
            return f"{first} lies after {last}"
        if self.within is None or length < self.within or (length == self.within and not self.under):
            return ""
        return f"{first} and {last} may be {'less than' if self.under else 'at most'} {_span(self.within)} apart"


def _span(milliseconds: int) -> str:
    """Print a length of time in the largest unit that divides it."""
    size, unit = next((size, unit) for size, unit in SPANS if milliseconds % size == 0)
    count = milliseconds // size
    return f"{count} {unit}{'' if count == 1 else 's'}"
