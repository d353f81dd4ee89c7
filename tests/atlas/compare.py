"""Both sides' requests, held against each other byte for byte."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from tests.atlas.cases import PLAIN, Case
from tests.atlas.entries import Entry

LEFT_OUT = {
    "content-type": "says how the body is written, not who sends it; ours is added by the HTTP library",
    "accept": "asks for JSON, which all of these exchanges send anyway",
    "user-agent": "names the program",
}
"""Headers that are not compared, and why; no rule signs them. An entry adds those by which ccxt earns a fee."""

Answer = Mapping[str, Any]


@dataclass
class Result:
    """What came of an entry."""

    entry: Entry
    cases: int = 0
    proofs: int = 0
    """How many came out without an excuse: a rule for which ccxt is always wrong is proved by nothing."""

    differences: list[str] = field(default_factory=list)
    excused: set[str] = field(default_factory=set)
    """Why ccxt is wrong, wherever it is."""

    _broken: set[str] = field(default_factory=set)
    """Calls that differ with plain values."""

    @property
    def is_equal(self) -> bool:
        """Whether every case came out as it should."""
        return self.proofs > 0 and not self.differences

    def add(self, case: Case, ours: Answer, theirs: Answer) -> None:
        """Compare one case."""
        self.cases += 1
        call = case.call["name"]
        place = f"{call} ({case.label})"
        found = [f"{place}: {difference}" for difference in differences(case, ours, theirs)]
        if call in self._broken:
            return  # the plain call differs; so do all others, and they add nothing
        if found and case.label == PLAIN and not case.wrong:
            self._broken.add(call)
        if case.wrong is None:
            self.differences += found
            self.proofs += not found
        elif "failed" in ours:
            self.differences.append(f"{place}: ours failed: {ours['failed']}")
        elif not found:
            self.differences.append(f"{place}: equal, although ccxt is said to be wrong ({case.wrong})")
        else:
            self.excused.add(case.wrong)


def differences(case: Case, ours: Answer, theirs: Answer) -> Iterator[str]:
    """Yield where two requests differ."""
    for side, answer in (("ours", ours), ("ccxt", theirs)):
        if "failed" in answer:
            yield f"{side} failed: {answer['failed']}"
            return
    compared = ("url",) if "unread_body" in case.entry.peer else ("url", "body")
    different = [part for part in compared if ours[part] != theirs[part]]
    if case.spelled and not different:
        yield f"spelled alike, although ccxt is said to spell it otherwise ({case.spelled})"
    for part in different:
        if not case.spelled or _meaning(ours[part]) != _meaning(theirs[part]):
            yield f"{part}\n    ours {ours[part]!r}\n    ccxt {theirs[part]!r}"
    left_out = {*LEFT_OUT, *(name.lower() for name in case.entry.peer.get("broker_headers", ()))}
    if case.spelled:  # a signature over what is sent differs with the spelling, and both are right
        left_out.add(case.entry.peer.get("signs_spelling", "").lower())
    mine, other = (_headers(answer, left_out) for answer in (ours, theirs))
    for name in sorted(mine.keys() | other.keys()):
        if mine.get(name) != other.get(name):
            yield f"header {name}\n    ours {mine.get(name)!r}\n    ccxt {other.get(name)!r}"


def _meaning(text: str) -> tuple[str, object]:
    """Return an address or a body as the exchange reads it, whatever the order of its members."""
    if text.startswith("{"):
        return "", json.loads(text)
    address, mark, query = text.partition("?")
    return (address if mark else ""), sorted(parse_qsl(query if mark else text, keep_blank_values=True))


def _headers(answer: Answer, left_out: set[str]) -> dict[str, str]:
    return {name.lower(): str(value) for name, value in answer["headers"].items() if name.lower() not in left_out}
