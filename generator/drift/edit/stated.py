"""What a page states of one row: its figures, and its words as a comment that a person rewords."""

from __future__ import annotations

import re
from collections.abc import Mapping

from generator.drift.facts.bounds import BETWEEN, DEFAULT, LEAST, MOST, RANGE
from generator.ground.naming import snake

LONGEST = 200  # letters of a comment; more says more than a row needs, and the page is one click away
WORDS = {
    "amt": "amount",
    "avg": "average",
    "ccy": "currency",
    "num": "number",
    "pct": "percent",
    "pnl": "PnL",
    "px": "price",
    "qty": "quantity",
    "ts": "time",
}

_QUOTED = r"(?:`\w+`\s*(?:,|&|/|and|or)?\s*)+"
_ALONE = re.compile(
    rf"{_QUOTED}only\b | \bonly\s+(?:for|in)\s*{_QUOTED}(?=\.|\Z) | \b(?:valid|appl(?:y|ies))\s+(?:for|to)\s+{_QUOTED}(?=only\b|\.|\Z)",
    re.IGNORECASE | re.VERBOSE,
)


def proposed_text(name: str) -> str:
    """Return the words of a name as a text: `orderId` is an order id."""
    words = [WORDS.get(word, word) for word in snake(re.sub(r"\W+", "_", name)).split("_") if word]
    text = " ".join(words) or "value"
    return f"{text[0].upper()}{text[1:]}."


def comment_of(text: str) -> str:
    """Return a page's words as one line of a comment; empty where they say nothing."""
    line = "".join(c for c in " ".join(text.split()) if c.isprintable())
    return line if len(line) <= LONGEST else f"{line[:LONGEST].rsplit(' ', 1)[0]} …"


def figures_in(text: str, typed: str, members: Mapping[str, object]) -> dict[str, object]:
    """Return the default and range that a page states of a parameter, as far as they fit its type.

    Args:
        text: The page's description of the parameter.
        typed: The type in the spec.
        members: The values of the enum that the type is; none for other types.
    """
    given = DEFAULT.search(text)
    found: dict[str, object] = {}
    if given and (default := _typed(given[2], typed, members, quoted=bool(given[1]))) is not None:
        found["default"] = default
    if typed == "integer":
        found |= _range(text)
    default, least, most = (found.get(key) for key in ("default", "min", "max"))
    bounds = [value for value in (least, default, most) if isinstance(value, int) and not isinstance(value, bool)]
    # Figures that contradict each other were read from another sentence.
    return found if bounds == sorted(bounds) else {}


def words_alone(text: str) -> set[str]:
    """Return the quoted words for which alone something is: of "`a` & `b` only", and of "valid for `a`"."""
    found = _ALONE.search(text)
    return set(re.findall(r"`(\w+)`", found[0])) if found else set()


def states_range(text: str) -> bool:
    """Whether a text states the smallest and the largest value."""
    return RANGE.search(text) is not None


def _range(text: str) -> dict[str, object]:
    both, least, most = RANGE.search(text) or BETWEEN.search(text), LEAST.search(text), MOST.search(text)
    if both:
        return {"min": int(float(both[1])), "max": int(float(both[2]))}
    low: dict[str, object] = {"min": int(float(least[1]))} if least else {}
    return low | ({"max": int(float(most[1]))} if most else {})


def _typed(value: str, typed: str, members: Mapping[str, object], *, quoted: bool) -> object:
    if typed == "integer":
        return int(value) if re.fullmatch(r"-?\d{1,9}", value) else None
    if typed == "boolean":
        return {"true": True, "false": False}.get(value.lower())
    if members:
        return members.get(value)
    # Without quotes, the next word of a sentence is none of a text.
    return value if typed == "string" and quoted else None
