"""Prints calls in Python; what is Python already has the type `Code`, so no text of a spec can be mistaken for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Final, TypeVar

from generator.words.literals import literal

T = TypeVar("T")


class Code(str):
    """Python source; all other strings are printed as literals."""

    __slots__ = ()


class Omitted(Enum):
    """The type of `OMIT`: None, 0 or an empty string could be values of a spec, this cannot."""

    OMIT = "omit"


OMIT: Final = Omitted.OMIT
"""An argument that is not printed, so that its default applies."""


def call(name: str, *positional: object, **named: object) -> Code:
    """Print a call: `Code` unchanged, `OMIT` not at all, everything else as a literal.

    Raises:
        TypeError: for a value that is neither `Code` nor has a literal.
    """
    first = [_argument(value) for value in positional]
    others = [f"{key}={_argument(value)}" for key, value in named.items() if value is not OMIT]
    return Code(f"{name}({', '.join([*first, *others])})")


def _argument(value: object) -> str:
    return value if isinstance(value, Code) else literal(value)


def unless(usual: object, value: object) -> object:
    """Return a value, or OMIT if it is the default of the parameter."""
    # Generated modules have thousands of these calls: without the defaults they are read and imported faster.
    return OMIT if value == usual else value


def maybe(printer: Callable[[T], Code], value: T | None) -> Code | Omitted:
    """Print a value; OMIT for None."""
    return OMIT if value is None else printer(value)


def row(items: Iterable[Code]) -> Code | Omitted:
    """Print a tuple; OMIT if it is empty, which is the default everywhere."""
    printed = ", ".join(items)
    # The comma makes a tuple of a single value; the formatter removes it from longer ones.
    return Code(f"({printed},)") if printed else OMIT
