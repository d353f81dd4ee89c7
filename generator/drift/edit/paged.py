"""Proposes how the pages of a list are asked for, from the parameters of a call and the members of its answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generator.drift.edit.shapes import Tree, spec_type
from generator.drift.edit.stated import figures_in
from generator.drift.facts.facts import Fact
from generator.model.paging import PAGES

CURSORS = frozenset({"cursor", "nextcursor", "pagetoken", "nexttoken", "pagecursor", "nextpagecursor"})
NUMBERS = frozenset({"page", "pageno", "pagenum", "pageindex", "pagenumber", "current", "currentpage"})
SIZES = frozenset({"limit", "size", "count", "length", "pagesize"})
STARTS = ("startTime", "start", "from", "startTs", "beginTime", "start_time", "since")
ENDS = ("endTime", "end", "to", "endTs", "finishTime", "end_time", "until")
UNSAID = "Takes a page size, and no parameter that leads to the next page."
# `Use the `nextPageCursor` token from the response`: the member that holds the next cursor.
_NAMED = re.compile(r"`(\w+)`")
# `not more than 30 days`, `maximum time range is 7 days`, `≤ 24 hours`: how far start and end may be apart.
_SPAN = re.compile(
    r"(?:<=?|≤|less than|within|not exceed|(?:no|not|n't be|not be) (?:more|longer|greater|larger) than|at most|max(?:imum)?[\w ]{0,40}?(?:is|of|:)?|up to)\s*"
    r"(\d{1,3})\s*(day|hour)s?\b",
    re.IGNORECASE,
)
# `fromId`, `lastOrderId`, `after_id`: the id to begin with, and of what it is one.
_FROM_ID = re.compile(r"(?:from|last|after|since|start|min)_?(\w*?)_?([iI][dD])")
# `records earlier than the requested `orderId``.
_BESIDE = re.compile(
    r"\b(earlier|older|less|smaller|before|newer|later|greater|larger|after)\b[\w ]{0,30}`(\w+)`", re.IGNORECASE
)
_OLDER = frozenset({"earlier", "older", "less", "smaller", "before"})
_UNITS = {"day": "d", "hour": "h"}
Paging = dict[str, object]


def paging_of(params: Mapping[str, Fact], members: Tree, *, listed: bool, said: str = "") -> tuple[Paging, str]:
    """Return the paging of a call, and what of it was guessed; nothing where it takes nothing that leads through a list.

    Args:
        params: The parameters by wire name, with what pages say of them.
        members: The members of its answer, without the envelope.
        listed: Whether the answer itself is a list.
        said: What the page says of the call; sentences that name both ends may state the longest span between them.
    """
    by_lower = {wire.lower().replace("_", ""): wire for wire in params}
    limit = next((by_lower[name] for name in SIZES if name in by_lower), "")
    paging = _by_cursor(params, by_lower, members) or _by_number(params, by_lower)
    if paging:
        arrays = _arrays(members)
        if not listed and len(arrays) > 1:
            paging["list"] = [max(arrays, key=lambda wire: len(arrays[wire]["members"]))]
        if limit and limit != paging["from"]:
            paging["limit"] = limit
        if listed or arrays:
            # A cursor that the page names, and a first page whose number it states, are no guesses.
            is_named = paging["by"] == "page" or f"`{paging['next']}`" in params[str(paging["from"])].text
            return paging | _within(params, members, arrays, said), "" if is_named else f"paging (by {paging['by']})"
    spanned = _by_time(params, members, limit, said, listed=listed) or _by_id(params, members, limit, listed=listed)
    if spanned:
        return spanned, f"paging (by {spanned['by']}, with nothing left out between two pages)"
    if by_lower.keys() & (PAGES - SIZES) or not limit:
        return {}, ""
    is_spanned = _ends_of(params) is not None or any(re.search(r"id\Z", wire, re.IGNORECASE) for wire in params)
    return ({}, "") if is_spanned else ({"unsaid": UNSAID}, "")


def _by_cursor(params: Mapping[str, Fact], by_lower: Mapping[str, str], members: Tree) -> Paging:
    wire = next((by_lower[name] for name in by_lower if name in CURSORS), "")
    if not wire:
        return {}
    named = [name for name in _NAMED.findall(params[wire].text) if name in members]
    alike = [name for name in members if name.lower().replace("_", "") in CURSORS]
    following = next(iter([*named, *alike]), "")
    return {"by": "cursor", "from": wire, "next": following} if following else {}


def _by_number(params: Mapping[str, Fact], by_lower: Mapping[str, str]) -> Paging:
    wire = next((by_lower[name] for name in by_lower if name in NUMBERS), "")
    figures = figures_in(params[wire].text, "integer", {}) if wire else {}
    first = figures.get("default", figures.get("min"))
    # Without the number of the first page, a list would be read from its second page on.
    return {"by": "page", "from": wire, "first": first} if first in (0, 1) else {}


def _items(members: Tree, *, listed: bool) -> Tree:
    """Return the members of the items of a list, if the answer has one list only."""
    arrays = _arrays(members)
    return members if listed else next(iter(arrays.values()))["members"] if len(arrays) == 1 else {}


def _by_time(params: Mapping[str, Fact], members: Tree, limit: str, said: str, *, listed: bool) -> Paging:
    """Propose pages by time: for a start, an end and a page size, where an item has one time only."""
    ends, items = _ends_of(params), _items(members, listed=listed)
    times = [wire for wire, node in items.items() if _is_time(wire, node)]
    typed = [spec_type(wire, params[wire].value, "", params[wire].text) for wire in ends or ()]
    if ends is None or len(times) != 1 or not all(kind.startswith("timestamp") for kind in typed):
        return {}
    if not _is_size(params, limit):
        return {}
    span = _span_of(params, ends, said)
    found: Paging = {"by": "time", "from": ends[0], "to": ends[1], "limit": limit}
    found |= {"window": f"{span[1]}{_UNITS[span[2].lower()]}"} if span else {}
    ids = [wire for wire in params if _FROM_ID.fullmatch(wire) and params[wire].required is not True]
    return found | {"time": times[0]} | ({"without": ids} if ids else {})


def _by_id(params: Mapping[str, Fact], members: Tree, limit: str, *, listed: bool) -> Paging:
    """Propose pages by id: for the id to begin with and a page size, where the items have that id."""
    items = _items(members, listed=listed)
    for wire, fact in params.items():
        named = _FROM_ID.fullmatch(wire)
        told = _BESIDE.search(fact.text) if wire.lower() in ("after", "before", "from", "since") else None
        own = [told[2]] if told else [f"{named[1][:1].lower()}{named[1][1:]}{named[2]}", "id"] if named else []
        key = next((name for name in own if name in items), "")
        if key and _is_size(params, limit):
            goes = {"goes": "down" if told[1].lower() in _OLDER else "up"} if told else {}
            without = [end for end in _ends_of(params) or () if params[end].required is not True]
            found: Paging = {"by": "id", "from": wire, **goes, "limit": limit, "key": [key]}
            return found | ({"without": without} if without else {})
    return {}


def _is_size(params: Mapping[str, Fact], limit: str) -> bool:
    return bool(limit) and spec_type(limit, params[limit].value) == "integer"


def _span_of(params: Mapping[str, Fact], ends: tuple[str, str], said: str) -> re.Match[str] | None:
    """Return the longest span between two ends, from their own words or a sentence about both."""
    own = " ".join(params[wire].text for wire in ends)
    both = [text for text in re.split(r"(?<=[.;。])\s", said) if all(re.search(rf"\b{wire}\b", text) for wire in ends)]
    return _SPAN.search(own) or _SPAN.search(" ".join(both))


def _within(params: Mapping[str, Fact], members: Tree, arrays: Mapping[str, Any], said: str) -> Paging:
    """Return the start and end of a list, and the longest span between them."""
    ends = _ends_of(params)
    if ends is None:
        return {}
    span = _span_of(params, ends, said)
    items = next(iter(arrays.values()))["members"] if arrays else members
    times = [wire for wire, node in items.items() if _is_time(wire, node)]
    found: Paging = {"within": list(ends)}
    if span:
        found["window"] = f"{span[1]}{_UNITS[span[2].lower()]}"
    return found | {"time": times[0] if len(times) == 1 else "unsaid"} if span else found


def _is_time(wire: str, node: Mapping[str, Any]) -> bool:
    return spec_type(wire, node["type"], node.get("shown", "")).startswith("timestamp")


def _ends_of(params: Mapping[str, Fact]) -> tuple[str, str] | None:
    pairs = zip(STARTS, ENDS, strict=True)
    return next(((start, end) for start, end in pairs if start in params and end in params), None)


def _arrays(members: Tree) -> dict[str, Any]:
    return {wire: node for wire, node in members.items() if node["type"] == "array" and node["members"]}
