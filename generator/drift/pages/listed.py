"""Recognizes a parameter or field in running text: `price (decimal, required): the limit price`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.drift.pages.words import Words

# A name, perhaps in code or bold, perhaps with a path or `[]`; `?` after it means optional, as in TypeScript.
_NAME = re.compile(
    r"[`*\"]*(?P<name>(?:\[\]\.)?[A-Za-z_$][\w.$-]*(?:\[\])?(?:\.[\w\[\]]+)*)(?P<end>[`*\"]*)(?P<maybe>\??)"
)
_GAP = re.compile(r"[\s,:;()\[\]{}`*_–—|/·，：（）-]*")
# `string`, `array<string>`, `int[]`, `list of string`.
_TYPE = re.compile(r"[A-Za-z]\w*(?:\s?<[^<>]{1,40}>|\[\w*\])*(?:\s(?:of|or)\s[A-Za-z]\w*)?")
# The negative words first: `not required` contains `required`.
_MARK = re.compile(
    r"(?P<no>not required|non-required|optional|conditional(?:ly required)?|可选|选填|非必填)"
    r"|required|mandatory|必填|必须|必选",
    re.IGNORECASE,
)
# A mark before or after a text counts only with a bracket or punctuation: `Required margin` is an amount.
_LEADING = re.compile(
    rf"\A[\s(\[*_]*(?:{_MARK.pattern})[)\]*_]*\s*(?:[.:,;。，：]|\s[-–—]|[)\]]|\Z)[)\]*_\s]*", re.IGNORECASE
)
_TRAILING = re.compile(rf"[\s,;([]+[*_]*(?:{_MARK.pattern})[*_)\]]*\Z", re.IGNORECASE)
_CLOSED = re.compile(r"\s*(?:[)\]）,;.:：`*]|$)")
_LEAD = re.compile(r"`?[\s,;:()\[\]–—|.·，：（）*_-]*")


@dataclass(frozen=True)
class Listed:
    """A parameter or field, as a text describes it."""

    name: str
    type: str
    required: str
    """`required`, `optional` or empty."""
    text: str


@dataclass
class _Found:
    """What follows a name, as far as it was read."""

    at: int
    type: str = ""
    required: str = ""


def listed(text: str, words: Words, *, item: bool) -> Listed | None:
    """Read a text that begins with a name, a type and perhaps a mark; None for other texts.

    In an entry of a list, less is required around the type than in a sentence, which may have the words by chance.
    """
    name = _NAME.match(text)
    is_type = name is not None and words.is_type(name["name"]) and not name.group().startswith("`")
    if name is None or is_type or _MARK.fullmatch(name.group("name")):
        return None
    found = _attributes(text, name.end(), words)
    if not found.type or not (_set_apart(text, name.end(), found) or (item and _loosely(text, name, found))):
        return None
    star = "*" in name.group("end") and not name.group().startswith("*")
    required = found.required or ("optional" if name.group("maybe") else "required" if star else "")
    lead = _LEAD.match(text, found.at)
    return Listed(name.group("name").rstrip("-."), found.type, required, text[lead.end() if lead else found.at :])


def mark_in(text: str) -> tuple[str, bool | None]:
    """Return a cell without its mark, and whether the mark says required: `string, required`; None without a mark."""
    for pattern in (_LEADING, _TRAILING):
        match = pattern.search(text)
        if match:
            return (text[: match.start()] + text[match.end() :]).strip(" ,;"), not match.group("no")
    return text, None


def _attributes(text: str, at: int, words: Words) -> _Found:
    found = _Found(at)
    while True:
        start = _gap(text, found.at)
        mark, typed = _MARK.match(text, start), _TYPE.match(text, start)
        if mark and not found.required:
            found.required, found.at = "optional" if mark.group("no") else "required", mark.end()
        elif typed and not found.type and words.is_type(_first(typed.group())):
            found.type, found.at = typed.group(), typed.end()
        else:
            return found


def _gap(text: str, at: int) -> int:
    gap = _GAP.match(text, at)
    return gap.end() if gap else at


def _first(typed: str) -> str:
    return re.split(r"\s(?:of|or)\s", typed)[0]


def _set_apart(text: str, at: int, found: _Found) -> bool:
    """Whether type and mark are in brackets or code, or a mark follows, so that they are not there by chance."""
    opened = re.match(r"[\s:–—-]*[(\[（`]", text[at : found.at])
    marked = found.required and _CLOSED.match(text, found.at)
    return bool(marked or (opened and _CLOSED.match(text, found.at)))


def _loosely(text: str, name: re.Match[str], found: _Found) -> bool:
    """Whether an entry of a list has a separator between its name and type, or after them."""
    between = re.match(r"\s*[,:–—|：]|\s+-\s", text[name.end() : found.at])
    quoted = name.group().startswith(("`", "*"))
    return bool(between or quoted or found.required or re.match(r"\s*[,:)–—：]|\s+-\s|\s*\Z", text[found.at :]))
