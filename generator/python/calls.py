"""Prints calls in Python; what is Python already is `Code`, so that no text of a spec is ever taken for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Final, TypeVar

from generator.words.literals import literal

T = TypeVar("T")


class Code(str):
    """Python source; whatever is none is printed as a literal."""

    __slots__ = ()


class Omitted(Enum):
    """The type of `OMIT`: no value of a spec can be it, as None, 0 or an empty string could."""

    OMIT = "omit"


OMIT: Final = Omitted.OMIT
"""An argument that is not printed, so that its default holds."""


def call(name: str, *positional: object, **named: object) -> Code:
    """Print a call: `Code` as it stands, `OMIT` not at all, everything else as a literal.

    Raises:
        TypeError: for a value that is neither `Code` nor has a literal.
    """
    first = [_argument(value) for value in positional]
    others = [f"{key}={_argument(value)}" for key, value in named.items() if value is not OMIT]
    return Code(f"{name}({', '.join([*first, *others])})")


def _argument(value: object) -> str:
    return value if isinstance(value, Code) else literal(value)


def unless(usual: object, value: object) -> object:
    """Return a value, or OMIT where it is the default of what is called."""
    return OMIT if value == usual else value


def maybe(printer: Callable[[T], Code], value: T | None) -> Code | Omitted:
    """Print a value where there is one."""
    return OMIT if value is None else printer(value)


def row(items: Iterable[Code]) -> Code | Omitted:
    """Print a tuple; the default of all that is called here is an empty one."""
    printed = ", ".join(items)
    return Code(f"({printed},)") if printed else OMIT
