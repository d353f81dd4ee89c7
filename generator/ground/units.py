"""Adds units to sentences: `Price.` in USDT becomes `Price, in USDT.`"""

from __future__ import annotations

import re

SAID = {
    # Prose speaks of assets, as the glossary has it; the words of the vocabulary are `base` and `quote` coin.
    "base coin": "in the base asset",
    "quote coin": "in the quote asset",
    "margin coin": "in the margin asset",
    "coin": "in the coin",
    "ratio": "as a ratio",
    "ms": "in milliseconds",
    "s": "in seconds",
    "min": "in minutes",
    "h": "in hours",
    "d": "in days",
}
"""How units are said that are more than `in` and their own name."""
_END = re.compile(
    r"""
    (?<=[\w)`%])                   # after a word, a bracket, code or a percent sign …
    (
        \.(?=\s+[A-Z0-9`]|\s*\Z)    # … a full stop before another sentence: not that of 0.1 or e.g.
        | ;(?=\s)                  # … or a semicolon
    )
    """,
    re.VERBOSE,
)
"""Where the first sentence, or its first half, ends: the unit is inserted there."""


def in_unit(unit: str) -> str:
    """Return `in the quote asset`, `in USDT`, `in percent`."""
    return SAID.get(unit, f"in {unit}")


def with_unit(doc: str, unit: str | None) -> str:
    """Return a description whose first sentence says the unit."""
    if not unit or unit == "digits":  # what is a number of digits says so itself
        return doc
    end = _END.search(doc)
    at = end.start() if end else len(doc)
    return f"{doc[:at]}, {in_unit(unit)}{doc[at:] or '.'}"
