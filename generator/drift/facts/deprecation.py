"""What a page says about the end of something: that it is deprecated, from which date, and its successor."""

from __future__ import annotations

import re

_END = re.compile(
    r"""
    \bdeprecat | \bdiscontinu | \bsunset | \bretired\b | \bdecommission | \bno\ longer\ (?:supported|available|maintained)
    | \b(?:switched|turned|taken)\ (?:off|offline|down)\b | \b(?:will|to)\ be\ (?:removed|shut\ down|phased\ out) | 废弃 | 下线 | 弃用
    """,
    re.IGNORECASE | re.VERBOSE,
)
# Dates in the forms that pages use: 2030-03-01, 2030年3月1日, 1st of March 2030, March 1, 2030.
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = re.compile(
    rf"""
    \d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}} | \d{{4}}年\d{{1,2}}月\d{{1,2}}日
    | \d{{1,2}}(?:st|nd|rd|th)?\ (?:of\ )?{_MONTH}(?:,?\ \d{{4}})?
    | \b{_MONTH}\ \d{{1,2}}(?:st|nd|rd|th)?(?:,?\ \d{{4}})?(?!\d)
    """,
    re.IGNORECASE | re.VERBOSE,
)
# A path of at least two parts, so that `and/or` and `/v2` alone are none. The method only in capitals: `get` is a word.
_SUCCESSOR = re.compile(r"(?:(?-i:GET|POST|PUT|DELETE|PATCH)\s+)?`?(?<![\w/])(/[\w{}.-]+(?:/[\w{}.-]+)+)")


def speaks_of_end(text: str) -> bool:
    """Whether a text says that something ends."""
    return _END.search(text) is not None


def end_of(texts: list[str], own: str) -> str:
    """Return `deprecated`, with date and successor if they are named.

    Args:
        texts: The sentences about the end.
        own: The path of what ends, which cannot be its own successor.
    """
    joined = " ".join(texts)
    date = _DATE.search(joined)
    successor = next((match.group(1) for match in _SUCCESSOR.finditer(joined) if match.group(1) != own), "")
    # Spaces would make a sentence of it, and a value is one word: `2030-03-01`, `1-March`.
    parts = ("deprecated", date.group().rstrip(".").replace(" ", "-") if date else "", successor)
    return " ".join(part for part in parts if part)
