"""Puts numbers into English: ranges, sizes, lengths of time."""

from __future__ import annotations

from decimal import Decimal

SPANS = ((86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1_000, "second"), (1, "millisecond"))


def range_words(low: Decimal | None, high: Decimal | None) -> str:
    """Return a range: `Between 1 and 50.`; empty if there is none."""
    if low is not None and high is not None:
        return f"Between {low:f} and {high:f}."
    return f"At least {low:f}." if low is not None else f"At most {high:f}." if high is not None else ""


def size_words(low: int | None, high: int | None, what: str) -> str:
    """Return how many there may be: `1 to 50 items.`"""
    last = low if high is None else high
    count = f"Exactly {low}" if low == high else f"{low} to {high}" if low is not None and high is not None else ""
    words = count or (f"At most {high}" if low is None else f"At least {low}")
    return f"{words} {what}{'' if last == 1 else 's'}."


def span_words(milliseconds: int) -> str:
    """Return a length of time: `90 days`."""
    # The largest unit that divides the span, so that 90 days are not 2160 hours, nor 90 s a minute and a half.
    size, unit = next((size, unit) for size, unit in SPANS if milliseconds % size == 0)
    count = milliseconds // size
    return f"{count} {unit}{'' if count == 1 else 's'}"
