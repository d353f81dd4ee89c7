"""Finds regular expressions that can take exponential time, before they are used.

Patterns of a spec run in the generator and in every client; `(a+)+` on a string that nearly matches would hang both.
"""

from __future__ import annotations

import re
from itertools import pairwise

from msgspec import Struct as Record

_WORD = re.compile(
    r"""
    \\.                              # an escape: \d, \(
    | \[\^?\]?(?:\\.|[^\]\\])*\]     # a set; a bracket right after its start belongs to it: []a]
    | \(\?(?:P<\w+>|[:=!]|<[=!])     # the start of a group that is named, not captured, or looks around
    | \{\d*,?\d*\}                  # a repetition: {2,5}
    | .                              # any other character
    """,
    re.DOTALL | re.VERBOSE,
)
_REPEATED = re.compile(r"[*+?]|\{\d*,?\d*\}")
_ENDLESS = re.compile(r"[*+]|\{\d*,\}")
"""Repetitions without an end; one inside another can take time that doubles with each character."""
_POSITIONS = frozenset("^$?")
"""What matches no character, and so separates no repetitions; `?` may follow another repetition."""


class _Branch(Record):
    """One way through a group."""

    endless: bool = False
    """Whether something in it repeats without a bound."""
    anchored: bool = False
    """Whether something in it matches exactly once per repetition, so that there is one way to split a text."""


def exact_pattern(pattern: str) -> re.Pattern[str]:
    r"""Compile as JSON Schema means it: Python's `$` also matches before a final line break, its `\d` any script's digits."""
    return re.compile(re.sub(r"(?<!\\)\$$", r"\\Z", pattern), re.ASCII)


def is_regex(value: object) -> bool:
    """Whether this is a regular expression that may be used, or no text at all."""
    try:
        return not isinstance(value, str) or (re.compile(value) is not None and not endless(value))
    except re.error:
        return False


def endless(pattern: str) -> bool:
    """Whether a text can be split among nested repetitions in exponentially many ways, as by `(a+)+`."""
    words = [*_WORD.findall(pattern), ""]
    groups = [[_Branch()]]
    closed: list[_Branch] = []
    """The branches of the group that has just ended."""
    for word, following in pairwise(words):
        branch = groups[-1][-1]
        # A repetition right behind a group that itself repeats, with nothing fixed in it.
        if _ENDLESS.fullmatch(word) and any(way.endless and not way.anchored for way in closed):
            return True
        closed = []
        if word.startswith("("):
            groups.append([_Branch()])
        elif word == "|":
            groups[-1].append(_Branch())
        elif word == ")" and len(groups) > 1:
            closed = groups.pop()
            groups[-1][-1].endless |= any(way.endless for way in closed)
            groups[-1][-1].anchored |= not _REPEATED.fullmatch(following) and all(way.anchored for way in closed)
        elif _REPEATED.fullmatch(word):
            branch.endless |= _ENDLESS.fullmatch(word) is not None
        elif word not in _POSITIONS and not _REPEATED.fullmatch(following):
            branch.anchored = True
    return False
