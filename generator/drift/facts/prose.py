"""What pages state outside of operations: a hash of each section, and addresses, limits, units and signing by name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from generator.drift.facts.facts import Fact, Facts, brief
from generator.drift.facts.sections import Section
from generator.drift.pages.blocks import Paragraph

# Narrow on purpose: a figure that is missed is still reported as new wording; one too many would be an alarm.
STATED: dict[str, re.Pattern[str]] = {
    "address": re.compile(r"\b(?:https?|wss?)://[\w.-]+\.[a-z]{2,}(?::\d+)?", re.IGNORECASE),
    "limit": re.compile(
        r"\b\d[\d,]*\s*(?:calls?|requests?|orders?|times|connections?|subscriptions?|messages?|weights?)?\s*"
        r"(?:/|per|every|within|in)\s*(?:\d+\s*)?(?:milliseconds?|seconds?|minutes?|hours?|days?|min|ms|s|m|h)\b",
        re.IGNORECASE,
    ),
    "unit": re.compile(r"\b(?:nano|micro|milli)seconds?\b|\b(?:in|unix) seconds\b", re.IGNORECASE),
    "signing": re.compile(
        r"\bHMAC[\s_-]?(?:SHA)?[\s_-]?\d*\b|\bSHA-?(?:256|384|512)\b|\bMD5\b|\bRSA\b|\bEd25519\b|\bECDSA\b|\bBase64\b|\bhex\b",
        re.IGNORECASE,
    ),
}
"""What can be recognized in prose, so that a change is reported by name and not only as wording."""
_SPACE = re.compile(r"\s+")


def add_prose(facts: Facts, file: str, section: Section, texts: Sequence[Paragraph]) -> None:
    """Add the prose of a section without an operation; sections with the same title count as one."""
    if not texts:
        return
    owner = f"section {brief(section.title) or 'page'}"
    words = " ".join(block.text for block in texts)
    known = facts.facts.get((owner, "prose", ""))
    whole = f"{known.text} {words}" if known else words
    facts.facts[owner, "prose", ""] = replace(known, text=whole) if known else Fact("", None, whole, file, section.line)
    for name, pattern in STATED.items():
        for block in texts:
            for match in pattern.finditer(block.text):
                _state(facts, (owner, "stated", name), match.group(), Fact(file=file, line=block.line))


def _state(facts: Facts, key: tuple[str, str, str], found: str, at: Fact) -> None:
    """Add a value to those found earlier; without spaces, because sentences are never stored."""
    known = facts.facts.get(key, at)
    values = dict.fromkeys([*known.value.split("|"), _SPACE.sub("-", found.strip().lower())])
    facts.facts[key] = replace(known, value="|".join(value for value in values if value))
