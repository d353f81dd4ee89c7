"""What a page says about the end of something: that it is deprecated, from which date, and its successor."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

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
_ENDED = r"(?:deprecated|discontinued|retired|sunset|decommissioned|phased\ out|obsolete)"
_GOES = (
    rf"(?:{_ENDED}|removed|no\ longer\ (?:be\ )?(?:supported|available|maintained|returned|used|accepted|valid|sent))"
)
_BEING = r"(?:is|are|was|has\ been|have\ been|will\ be|to\ be|is\ being|will)\ (?:now\ |soon\ )?"
_MEMBER_ENDS = re.compile(
    rf"""
    # `Deprecated`, `Side, deprecated since …`, `(deprecated)`; `Deprecated lamps are listed, too` is about lamps.
    (?: \A | [.,;:(\[【（。，；—–`\]-]\s* ) \W{{0,3}} {_ENDED} \W{{0,2}}
        (?: \Z | \s*[.,;:)\]】）。，；—–(-] | \s+(?:field|param|member|property|attribute|argument|option|since|from|for|because|in\ favou?r
            |as|on|and|always|by|due|please|use|will|now|after|starting|with|see|\d)\w*\b )
    | \b(?:this|the)\ (?:\w+\ )?(?:param\w*|field|member|property|attribute|argument)\ {_BEING}{_GOES}
    | \A\W{{0,3}}(?:(?:will\ be|to\ be|has\ been|is)\ (?:now\ |soon\ )?{_GOES}|no\ longer\ (?:supported|available|used|returned|accepted)\b)
    | 已废弃 | 已弃用 | 废弃字段 | 弃用字段 | \A\W{{0,3}}(?:废弃|弃用|即将下线)
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Where a description says that what it describes ends, and nothing else that it mentions."""
_NAMED_ENDS = re.compile(rf"`(?P<name>[\w.-]+)`\ (?:\w+\ )?{_BEING}{_GOES}", re.IGNORECASE | re.VERBOSE)
_MARKED = re.compile(r"~~.*~~|[(（\[]\s*(?:deprecated|废弃|弃用)", re.IGNORECASE)
_INSTEAD = re.compile(
    r"""
    \b(?:use|using|replaced\ by|superseded\ by|refer\ to|see|check|favou?r\ of|migrate\ to|instead\ of\ it)\s+
    (?:the\ )?(?:new\ )?(?:param\w*\ |field\ |member\ |value\ )?`(?P<marked>[\w.-]+)`
    | \b(?:use|replaced\ by|superseded\ by)\s+(?P<bare>(?-i:[a-z]+(?:[A-Z]\w*|_\w+)|[A-Z][A-Z0-9_]{2,}))\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
NEAR = 240  # letters; a date further away is that of something else


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
    successor = next((match.group(1) for match in _SUCCESSOR.finditer(joined) if match.group(1) != own), "")
    return _stated(joined, successor)


def with_mark_of_end(cells: str, text: str) -> str:
    """Return the description of a row, which says that it ends if other cells do: `side (deprecated)`, or a line through it."""
    return f"Deprecated. {text}".strip() if _MARKED.search(cells) else text


def end_of_member(text: str, own: str) -> str:
    """Return `deprecated`, with date and successor, if a description says that what it describes ends; else nothing.

    Args:
        text: The description of a parameter, member or value.
        own: Its wire name, which cannot be its own successor.
    """
    said = _without_emphasis(text)
    found = _MEMBER_ENDS.search(said) or next((m for m in _NAMED_ENDS.finditer(said) if m["name"] == own), None)
    return _end_in(said[found.start() : found.start() + NEAR], own) if found else ""


def ends_of_values(text: str, values: Sequence[str]) -> tuple[dict[str, str], str]:
    """Return the values that end by their own words, up to the next value, and the text without these words.

    ``DIM`, `DARK` (deprecated, use `OFF`), `OFF`` says it of `DARK`.
    """
    rest = said = _without_emphasis(text)
    ends = dict[str, str]()
    if not speaks_of_end(said):
        return ends, rest
    places = sorted((match.end(), value) for value in values if (match := _mention(value).search(said)))
    for (start, value), (after, following) in pairwise([*places, (len(said), "")]):
        words = said[start : after - len(following)]
        # Of the last one, the first sentence: another one is about what is described as a whole.
        first = words if following else re.split(r"[.;。；](?:\s|\Z)", words)[0]
        if _says_end(first):
            ends[value], rest = _end_in(words[:NEAR], value), rest.replace(first, "", 1)
    return ends, rest


def _says_end(words: str) -> bool:
    """Whether words behind a value say that it ends."""
    begun = re.match(rf"[`\"'”\s]*(?:{_BEING}{_GOES}|[(（\[,，:：–—-]+\s*{_ENDED})", words, re.IGNORECASE | re.VERBOSE)
    return begun is not None or _MEMBER_ENDS.search(words) is not None


def _mention(value: str) -> re.Pattern[str]:
    # `DARK (use OFF), OFF`: what replaces a value is listed elsewhere.
    return re.compile(rf"(?<![\w-])(?<!use )(?<!use `)(?<!see `)(?<!by `){re.escape(value)}(?![\w-])")


def _without_emphasis(text: str) -> str:
    return re.sub(r"\*+|~~", "", text)


def _end_in(text: str, own: str) -> str:
    paths = (match.group(1) for match in _SUCCESSOR.finditer(text))
    members = (match["marked"] or match["bare"] for match in _INSTEAD.finditer(text))
    return _stated(text, next((name for name in (*members, *paths) if name != own), ""))


def _stated(text: str, successor: str) -> str:
    date = _DATE.search(text)
    # Spaces would make a sentence of it, and a value is one word: `2030-03-01`, `1-March`.
    parts = ("deprecated", re.sub(r"[\s,]+", "-", date.group().rstrip(".")) if date else "", successor)
    return " ".join(part for part in parts if part)
