"""Puts into English what members, parameters and values mean."""

from __future__ import annotations

import re
from collections.abc import Callable

from generator.model.types import Field, Member, Param, Phrase
from generator.words.markdown import code, enumeration
from generator.words.rules import condition_words

_INTERVAL = re.compile(r"[0-9]+(s|m|h|d|w|mo)")

WORDS = {"cancelled": "canceled", "take_profit": "take-profit", "post_only": "post-only", "reduce_only": "reduce-only"}
"""Words of values that prose spells otherwise."""

PHRASES = WORDS | {
    "client_id": "client order id",
    "coin": "asset",
    "base": "base asset",
    "quote": "quote asset",
    "value": "notional",
    "filled value": "filled notional",
    "filled price": "average fill price",
    "profit": "realized PnL",
    "open profit": "unrealized PnL",
    "open quantity": "quantity still open",
    "open margin": "margin of open orders",
    "market price": "mark price",
    "step": "interval",
    "step price": "tick size",
    "step quantity": "step size",
    "min price": "minimum price",
    "max price": "maximum price",
    "min quantity": "minimum quantity",
    "max quantity": "maximum quantity",
    "min value": "minimum notional",
    "max value": "maximum notional",
    "max order": "most open orders",
    "max leverage": "maximum leverage",
    "buy price": "best bid price",
    "sell price": "best ask price",
    "buy quantity": "quantity at the best bid",
    "sell quantity": "quantity at the best ask",
    "buy": "bids",
    "sell": "asks",
    "isolated": "isolated margin",
    "hedged": "hedge mode",
    "trailing": "callback of a trailing stop",
    "trailing price": "activation price of a trailing stop",
    "take_profit price": "take-profit price",
    "after": "delay",
    "close": "closes the position",
    "kind": "",
}
"""Phrases in the words of traders; a `kind` adds to what its own enum says."""


def meaning_words(of: Field | Param, name: Callable[[str], str]) -> list[str]:
    """Return what a member or parameter means and what its values say; `name` prints the wire names of others.

    What the description says already is left out: "Limit price." needs no word more.
    """
    if of.means is None:
        return []
    doc = of.doc.lower()
    cases = [_case(phrase, name) for phrase in of.means.phrases if not _is_in(doc, phrase_words(phrase.text))]
    found = [f"Meaning: {'; '.join(cases)}."] if cases else []
    reads = [f"{code(value)} means {said(words)}" for value, words in of.means.reads.items()]
    return found + ([f"{'; '.join(reads)}."] if reads else [])


def _is_in(doc: str, phrase: str) -> bool:
    return all(word in doc for word in phrase.lower().split())


def phrase_words(text: str) -> str:
    """Return a phrase in the words of traders; empty where it adds nothing."""
    scope, _, rest = text.rpartition(".")
    return f"{scope} {PHRASES.get(rest, rest)}".strip()


def _case(phrase: Phrase, name: Callable[[str], str]) -> str:
    market = " of market orders" if phrase.market else " of limit orders" if phrase.limit else ""
    when = f" if {enumeration([condition_words(c, name) for c in phrase.when])}" if phrase.when else ""
    return f"{phrase_words(phrase.text)}{market}{when}"


def said(words: tuple[str, ...]) -> str:
    """Return what a value says."""
    return enumeration([WORDS.get(word, word) for word in words]) if words else "nothing special"


def member_words(member: Member) -> str:
    """Return what a value of an enum says, as a sentence to be added to its description; empty if that is nothing.

    A single word says nothing where the reader sees it already: "Buy. Means buy.", "1 minute. Means 1m."
    """
    if not member.means or (len(member.means) == 1 and _is_seen(member, member.means[0])):
        return ""
    return f" Means {said(member.means)}."


def _is_seen(member: Member, word: str) -> bool:
    seen = f"{member.doc} {member.value} {member.name}".lower()
    return _INTERVAL.fullmatch(word) is not None or word in seen or WORDS.get(word, word) in seen
