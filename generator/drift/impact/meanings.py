"""What names stand for in Python code that uses a client."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field

from generator.model.types import Type


@dataclass(frozen=True)
class Exported:
    """What the API's package exports: a class, an enum, a struct, a constant, or a module of these."""

    name: str


@dataclass(frozen=True)
class Client:
    """A client of the API."""


@dataclass(frozen=True)
class Group:
    """`client.trade`."""

    name: str


@dataclass(frozen=True)
class Method:
    """`client.trade.place_order`."""

    group: str
    name: str
    iterates: bool = False
    """Whether it is the `iter_` method, which gives the items of all pages."""

    @property
    def full_name(self) -> str:
        """Group and name."""
        return f"{self.group}.{self.name}"


@dataclass
class Keywords:
    """A dictionary that may be passed as `**options`."""

    given: dict[str, ast.expr] = field(default_factory=dict)
    is_whole: bool = True
    """Whether nothing else can be in it."""


@dataclass(frozen=True)
class Foreign:
    """What belongs to another package, whatever its members are called."""


@dataclass(eq=False)
class Local:
    """A class of the file."""

    bases: tuple[Meaning | None, ...] = ()
    members: dict[str, Meaning | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Instance:
    """An object of a class of the file."""

    of: Local


@dataclass(eq=False)
class Function:
    """A function of the file, by what it returns."""

    returns: Meaning | None = None
    is_property: bool = False


@dataclass(frozen=True)
class Several:
    """A tuple, whose parts may be of different kinds."""

    parts: tuple[Meaning | None, ...]


@dataclass(frozen=True)
class Rows:
    """A list of tuples, as `enumerate` gives: the parts of one."""

    parts: tuple[Meaning | None, ...]


@dataclass(frozen=True)
class Choice:
    """One of several, of which only the run of the program decides: `live.trade if is_live else paper`."""

    parts: tuple[Meaning, ...]


Meaning = (
    Type
    | Exported
    | Client
    | Group
    | Method
    | Keywords
    | Foreign
    | Local
    | Instance
    | Function
    | Several
    | Rows
    | Choice
)


def alternatives(meaning: Meaning | None) -> tuple[Meaning, ...]:
    """Return what something may stand for; nothing if that is unknown."""
    return meaning.parts if isinstance(meaning, Choice) else () if meaning is None else (meaning,)


def either(meanings: Iterable[Meaning | None]) -> Meaning | None:
    """Return one of several; what belongs to another package counts only if all do."""
    given = list(meanings)
    # Which of two dictionaries is passed is not known, so neither proves that something is left out.
    known = [part for meaning in given for part in alternatives(meaning) if not isinstance(part, (Keywords, Foreign))]
    parts = tuple(part for index, part in enumerate(known) if part not in known[:index])
    if parts:
        return parts[0] if len(parts) == 1 else Choice(parts)
    return given[0] if given and all(meaning == given[0] for meaning in given) else None


def item_of(meaning: Meaning | None) -> Meaning | None:
    """Return what a member of a list, a map or a tuple is."""
    if isinstance(meaning, Type):
        return meaning.item
    if isinstance(meaning, Rows):
        return Several(meaning.parts)
    if isinstance(meaning, Several):
        return either(meaning.parts)
    return either(map(item_of, meaning.parts)) if isinstance(meaning, Choice) else None
