"""What is sent in the atlas: each call with its plain values, and with each hostile one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.atlas.entries import Entry, Yaml
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

    @property
    def now(self) -> int:
        """The time that both clocks show, in milliseconds."""
        return int(self.entry.written.get("at", NOW))

    def for_ours(self) -> dict[str, Yaml]:
        """Return what the generated client needs to know."""
        decimals = [wire for wire, param in self.entry.params(self.call).items() if param["type"] == "decimal"]
        known = {"now": self.now, "values": self.values, "decimals": decimals}
        return {"api": self.entry.name, "operation": self.call["name"], **known}

    def for_theirs(self) -> dict[str, Yaml]:
        """Return what ccxt needs to know; with us, an empty string is not given, so ccxt is not given it either."""
        place = self.call["ccxt"]
        given = {wire: value for wire, value in self.values.items() if value != ""}
        method = self.call["request"].partition(" ")[0]
        known = {"now": self.now, "values": given, "method": method}
        return {"entry": self.entry.name, "api": place["api"], "path": place["path"], **known}

    def for_served(self) -> dict[str, Yaml]:
        """Return what who sends it to a mock exchange needs to know: which parts are signed, and a text to alter."""
        texts = [value for value in self.values.values() if isinstance(value, str) and value]
        signed = signed_parts(self.entry.written["api"]["signing"]["schemes"], self.call)
        return {**self.for_ours(), "signed": sorted(signed), "text": max(texts, key=len, default="")}


def cases_of(entry: Entry) -> Iterator[Case]:
    """Yield all cases of an entry, the plain ones of each call first."""
    for call in entry.calls:
        wrong = call["ccxt"].get("wrong", {})
        yield Case(entry, call, call["values"], PLAIN, wrong if isinstance(wrong, str) else None)
        for wire, value in _hostile(entry, call):
            label = f"{wire}={value!r}"
            spelled = call["ccxt"].get("spelled", {}).get(value) if isinstance(value, str) else None
            yield Case(entry, call, {**call["values"], wire: value}, label, _why_wrong(wrong, value), spelled)


def _hostile(entry: Entry, call: Mapping[str, Yaml]) -> Iterator[tuple[str, Yaml]]:
    own = call.get("hostile") or {}
    for wire, param in entry.params(call).items():
        is_text = param["type"] == "string" and param.get("in") not in ("path", "header")
        for value in own.get(wire, HOSTILE if is_text and wire in call["values"] else ()):
            yield wire, value


def _why_wrong(wrong: str | Mapping[str, str], value: Yaml) -> str | None:
    """Return why ccxt is wrong about a value: by its own entry, or by that of a character in it."""
    if isinstance(wrong, str):
        return wrong
    if str(value) in wrong:
        return wrong[str(value)]
    return next((why for text, why in wrong.items() if text and text in str(value)), None)
