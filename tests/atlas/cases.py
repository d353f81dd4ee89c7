"""What is sent in the atlas: each call with its plain values, and with each hostile one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.atlas.entries import GROUP, Entry, Yaml
from tests.atlas.words import signed_parts

HOSTILE = (" ", "+", "/", "é", "#", "&", "=", "%", "", "a b+/é#&=%20")
"""Texts that are easily encoded twice, or not at all, or dropped; the last has all at once."""
PLAIN = "plain"
NOW = 1700000000125
"""Milliseconds; not a round second, so that the forms of time differ, and exact as a binary fraction."""


@dataclass(frozen=True)
class Case:
    """One request that both sides sign."""

    entry: Entry
    call: Mapping[str, Yaml]
    values: Mapping[str, Yaml]
    label: str
    wrong: str | None
    """Why ccxt's request is wrong, where it provably is."""

    spelled: str | None = None
    """Why ccxt's address is spelled otherwise, where both spellings mean the same."""

    def for_ours(self) -> dict[str, Yaml]:
        """Return what the generated client needs to know."""
        decimals = [wire for wire, param in self.entry.params(self.call).items() if param["type"] == "decimal"]
        known = {"now": NOW, "values": self.values, "decimals": decimals}
        return {"api": self.entry.name, "operation": f"{GROUP}_{self.call['name']}", **known}

    def for_theirs(self) -> dict[str, Yaml]:
        """Return what ccxt needs to know; with us, an empty string is not given, so ccxt is not given it either."""
        place = self.call["ccxt"]
        given: Yaml = {wire: value for wire, value in self.values.items() if value != ""}
        if self.call.get("carrier") == "list":  # ccxt is given what it sends, and no name
            (given,) = given.values()
        method = self.call["request"].partition(" ")[0]
        known = {"now": NOW + self.entry.peer.get("lag", 0), "values": given, "method": method}
        return {"entry": self.entry.name, "api": place["api"], "path": place["path"], **known}

    def for_served(self) -> dict[str, Yaml]:
        """Return what who sends it to a mock exchange needs to know: which parts are signed, and a text to alter."""
        texts = [value for value in self.values.values() if isinstance(value, str) and value]
        signed = signed_parts(self.entry.written["api"]["signing"]["schemes"], self.call)
        known = {"signed": sorted(signed), "text": max(texts, key=len, default="")}
        return {**self.for_ours(), **known, "alters": self.label == PLAIN}


def cases_of(entry: Entry) -> Iterator[Case]:
    """Yield all cases of an entry, the plain ones of each call first."""
    for call in entry.calls:
        wrong = call["ccxt"].get("wrong", {})
        spelled = call["ccxt"].get("spelled", {})
        whole = [why if isinstance(why, str) else None for why in (wrong, spelled)]
        yield Case(entry, call, call["values"], PLAIN, *whole)
        for wire, value in _hostile(entry, call):
            label = f"{wire}={value!r}"
            yield Case(entry, call, {**call["values"], wire: value}, label, _why(wrong, value), _why(spelled, value))


def _hostile(entry: Entry, call: Mapping[str, Yaml]) -> Iterator[tuple[str, Yaml]]:
    own = call.get("hostile") or {}
    for wire, param in entry.params(call).items():
        is_text = param["type"] == "string" and param.get("in") not in ("path", "header")
        for value in own.get(wire, HOSTILE if is_text and wire in call["values"] else ()):
            yield wire, value


def _why(excuses: str | Mapping[str, str], value: Yaml) -> str | None:
    """Return why ccxt's request for a value differs: whatever it is, or by a character in it."""
    if isinstance(excuses, str):
        return excuses
    return next((why for text, why in excuses.items() if text and text in str(value)), None)
