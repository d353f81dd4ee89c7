"""Regular expressions of a spec: those that can take forever are found before they meet a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

_WORD = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?(?:P<\w+>|[:=!]|<[=!])|\{\d*,?\d*\}|.", re.DOTALL)
_REPEATED = re.compile(r"[*+?]|\{\d*,?\d*\}")
_ENDLESS = re.compile(r"[*+]|\{\d*,\}")
_POSITIONS = frozenset("^$?")


@dataclass
class _Branch:
    """One way through a group."""

    endless: bool = False
    """Whether something in it repeats without end."""
    anchored: bool = False
    """Whether something in it stands exactly once, so that its repetitions can be told apart."""


def endless(pattern: str) -> bool:
    """Whether a text can be split among repetitions in countless ways, as by `(a+)+`: to try them all takes years."""
    words = [*_WORD.findall(pattern), ""]
    groups = [[_Branch()]]
    closed: list[_Branch] = []
    """The branches of the group that has just ended."""
    for word, following in pairwise(words):
        branch = groups[-1][-1]
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
