"""Says units in sentences."""

from __future__ import annotations

import re

SAID = {"ratio": "as a ratio", "ms": "in milliseconds", "s": "in seconds", "h": "in hours"}
_END = re.compile(r"(?<=[\w)`%])(\.(?=\s+[A-Z0-9`]|\s*\Z)|;(?=\s))")
"""Where the first sentence, or what is said first in it, ends."""
_COMMON = re.compile(r"(\w+ )?(coin|asset)\b")
"""A noun that takes an article, not the name of an asset such as USDT."""


def in_unit(unit: str) -> str:
    """Return `in the quote coin`, `in USDT`, `in percent`."""
    article = "the " if _COMMON.match(unit) and not unit.startswith(("the ", "that ")) else ""
    return SAID.get(unit, f"in {article}{unit}")


def with_unit(doc: str, unit: str | None) -> str:
    """Return a description whose first sentence says the unit."""
    if not unit:
        return doc
    end = _END.search(doc)
    at = end.start() if end else len(doc)
    return f"{doc[:at]}, {in_unit(unit)}{doc[at:] or '.'}"
