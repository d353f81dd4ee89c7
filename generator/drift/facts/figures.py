"""Reads lines and tables of figures: rate limits and weights."""

from __future__ import annotations

import re

from generator.drift.facts.profile import Profile
from generator.drift.facts.tables import cells
from generator.drift.pages.blocks import Table
from generator.drift.pages.words import Words


def figures_of(text: str, profile: Profile) -> tuple[str, str] | None:
    """Return `limit` or `weight`, and its figures; None if a line states neither."""
    for pattern in profile.limits:
        if match := pattern.match(text):
            value = f"{match.group('calls')}/{match.group('per').strip()} {match.groupdict().get('by') or ''}"
            return "limit", value.strip().lower()
    for pattern in profile.weights:
        if match := pattern.match(text):
            return "weight", "|".join(re.findall(r"\d+", match.group("weight")))
    return None


def weights_in(table: Table, words: Words) -> str:
    """Return the weights of a table, one for each case."""
    return "|".join(by["weight"] for _, by in cells(table, words) if by.get("weight", "").isdigit())
