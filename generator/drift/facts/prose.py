"""What pages state outside of operations: a hash of each section, and addresses, limits, units and signing by name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from generator.drift.facts.facts import SECTION, Fact, Facts, brief
from generator.drift.facts.sections import Section
from generator.drift.pages.blocks import Paragraph
from generator.drift.pages.labels import without_icons

_COUNTED = r"(?:calls?|requests?|orders?|times|connections?|subscriptions?|messages?|weights?|points|attempts?)"
_SPAN = r"(?:milliseconds?|seconds?|minutes?|hours?|days?|min|ms|s|m|h)\b"
# Of a bare host only those that answer calls: `api.example.com`, `stream.example.io`; a topic `kline.1m.list` is none.
_ENDING = r"(?:com|net|org|io|co|app|dev|exchange|finance|trade|network|pro|[a-z]{2})"
# Narrow on purpose: a figure that is missed is still reported as new wording; one too many would be an alarm.
STATED: dict[str, re.Pattern[str]] = {
    # Streams have an address for each kind of market, so that the path counts, too, up to a gap or an example.
    "address": re.compile(
        rf"""
        \bwss?://[\w.-]+\.[a-z]{{2,}}(?::\d+)?(?:/[\w.-]+(?![\w.-]*[@<{{]))*
        | \bhttps?://[\w.-]+\.[a-z]{{2,}}(?::\d+)?
        | (?<![\w.@/-])[a-z0-9-]*(?:api|stream|ws|rest|gateway|socket)[a-z0-9-]*(?:\.[a-z0-9-]+)+\.{_ENDING}\b(?![\w./@])
        """,
        re.IGNORECASE | re.VERBOSE,
    ),
    "limit": re.compile(
        rf"""
        \b\d[\d,]*\s*{_COUNTED}?\s*(?:/|per|every|within|in)\s*(?:\d+\s*)?{_SPAN}
        | \b\d[\d,]*\s+(?:[a-z]+\s+){{0,2}}?{_COUNTED}\s+(?:[a-z]+\s+){{0,2}}?(?:per|every|within|in)\s+
          (?:an?\s+|one\s+|the\s+)?(?:rolling\s+|sliding\s+|last\s+)?(?:\d+[\s-]*)?{_SPAN}
        """,
        re.IGNORECASE | re.VERBOSE,
    ),
    # Only with `in` or `unix`: `within 30 seconds` is a limit.
    "unit": re.compile(r"\b(?:nano|micro|milli)seconds?\b|\b(?:in|unix) seconds\b", re.IGNORECASE),
    # Algorithms and encodings, and the headers that carry key, time and signature.
    "signing": re.compile(
        r"""
        (?i: \bHMAC[\s_-]?(?:SHA)?[\s_-]?\d*\b | \bSHA-?(?:256|384|512)\b | \bMD5\b | \bRSA\b | \bEd25519\b | \bECDSA\b
        | \bBase64\b | \bhex\b | \bEIP-?712\b | \bsecp256k1\b | \bkeccak-?256\b )
        | \b[A-Z][A-Za-z0-9]*-(?:[A-Za-z0-9]+-)*
          (?:SIGN|Sign|SIGNATURE|Signature|KEY|Key|APIKEY|ApiKey|TIMESTAMP|Timestamp|NONCE|Nonce|PASSPHRASE|Passphrase)\b
        | \bx-(?:[a-z0-9]+-)*(?:sign|signature|key|apikey|timestamp|nonce|passphrase|token|expiry|expires)\b
        """,
        re.VERBOSE,
    ),
}
"""What can be recognized in prose, so that a change is reported by name and not only as wording."""
_CALLED = r"(?:requests?|calls?|nonces?|clocks?|server(?:'s)? time|signatures?)"
_APART = r"(?:older|newer|ahead|behind|early|late|in the (?:future|past)|expires?|expired|stale|drifts?|differs?|apart)"
# `recvWindow`, or that a request comes too late: `requests … older than`, `expires … the nonce`.
_ABOUT_WINDOW = re.compile(
    rf"recv[_-]?window|receive window|time ?window|timestamp|\b{_CALLED}\b.*\b{_APART}\b|\b{_APART}\b.*\b{_CALLED}\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.;。；]+(?:\.\d[^.;。；]*)*")
# Up to 6 digits: longer ones are the timestamp of an example.
_WIDTH = re.compile(
    r"(?<![\d.])\d{1,3}(?:,\d{3})+(?![\d.]) | (?<![\d.])\d+\s*(?:ms|milliseconds?|seconds?|s|minutes?)\b | (?<![\w.-])\d{3,6}(?![\d.])",
    re.IGNORECASE | re.VERBOSE,
)
# Headings that are the same under every operation, so that they name nothing.
_GENERIC = re.compile(
    r"(?:query|(?:un)?subscribe|requests?|responses?|updates?|update events?|events?|examples?)", re.IGNORECASE
)
_SPACE = re.compile(r"\s+")


def section_owner(section: Section) -> str:
    """Return the owner of what a section states, such as `section Signing`."""
    title = without_icons(section.title)
    # `Query` and `Subscribe` stand below each topic of a page, and only the heading above says of which.
    if section.above and _GENERIC.fullmatch(title.strip("*`:： ")):
        title = f"{without_icons(section.above[-1])} {title}".strip()
    return f"{SECTION}{brief(title) or 'page'}"


def add_prose(facts: Facts, file: str, section: Section, texts: Sequence[Paragraph]) -> None:
    """Add the prose of a section without an operation; sections with the same title count as one."""
    if not texts:
        return
    owner = section_owner(section)
    words = " ".join(block.text for block in texts)
    known = facts.facts.get((owner, "prose", ""))
    whole = f"{known.text} {words}" if known else words
    facts.facts[owner, "prose", ""] = replace(known, text=whole) if known else Fact("", None, whole, file, section.line)
    for name, pattern in STATED.items():
        for block in texts:
            for match in pattern.finditer(block.text):
                _state(facts, (owner, "stated", name), match.group(), Fact(file=file, line=block.line))
    for block in texts:
        for width in _windows(block.text):
            _state(facts, (owner, "stated", "window"), width, Fact(file=file, line=block.line))


def _windows(text: str) -> list[str]:
    """Return how old a call may be when it arrives: the figures of sentences about `recvWindow` or timestamps."""
    about = (sentence for sentence in _SENTENCE.findall(text) if _ABOUT_WINDOW.search(sentence))
    return [found for sentence in about for found in _WIDTH.findall(sentence)]


def _state(facts: Facts, key: tuple[str, str, str], found: str, at: Fact) -> None:
    """Add a value to those found earlier; without spaces, because sentences are never stored."""
    known = facts.facts.get(key, at)
    values = dict.fromkeys([*known.value.split("|"), _SPACE.sub("-", found.strip().lower())])
    facts.facts[key] = replace(known, value="|".join(value for value in values if value))
