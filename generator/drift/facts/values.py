"""Finds the values that a description lists: `1: buy, 2: sell`, `"A", "B"`, `GTC / IOC`, `M1, M5, H1`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

# A number and its meaning: `1: buy`, `2 - sell`, `3 for both`. Unmarked, four digits at most, to leave out times and amounts.
_NUMBERED = re.compile(
    r"(?:^|[\s,;，；(（:：])(`-?\d{1,9}`|`?-?\d{1,4}`?)(?:\s?\((?:default|by default)\))?\s*(?:[:：=]\s*|\s-\s|\sfor\s|\s+(?=[a-z]))(?=[A-Za-z\u4e00-\u9fff])"
)
_BACKTICKED = re.compile(r"`([^`\s]{1,40})`")
_ONE = r"`[^`\s]{1,40}`(?:\s*\([^()`]{0,40}\))?"
# A list of values with what may stand within it: `A` (default), `B` or `C`; not `[1, 50]`, which is a range.
_RUN = re.compile(
    rf"{_ONE}(?:\s*(?:[,/、]\s*(?:or\b)?|\bor\b)\s*(?:default(?: is)?\s*[:：]?\s*)?{_ONE})+(?=\s*(?:[.;)]|\Z))",
    re.IGNORECASE,
)
# Single quotes only around a whole word: in `user's` one is an apostrophe.
_QUOTED = re.compile(r"[\"“]([A-Za-z0-9_-]{1,40})[\"”]|(?<!\w)'([A-Za-z0-9_-]{1,40})'(?!\w)")
_WORD = r"[A-Z0-9][A-Za-z0-9_]{0,39}"
# Not inside a path or a date.
_SLASHED = re.compile(rf"(?<![\w/]){_WORD}(?:\s?/\s?{_WORD})+(?![\w/])")
# Words in capitals only: commas also separate the words of a sentence, and slashes two words for one thing.
_CAPS = r"(?=\w*[A-Z])[A-Z0-9][A-Z0-9_]*(?![a-z])"
# `calm: as usual, rough: waves`: each word explained. The first one begins the text, or it is a remark: `note: …`.
_GLOSSED = re.compile(r"(?:\A|[,;，；、]\s*)`?([A-Za-z0-9][\w-]{0,39})`?\s?[:：]\s*(?=\S)")
# The same in backticks, wherever it stands; behind `&`, `=` or a comma it is part of an address or a list.
_MARKED_GLOSS = re.compile(r"(?<![&,=] )(?<![&,=])`([A-Za-z][^`\s]{0,39})`\s?[:：]\s*(?=\S)")
_REMARKS = frozenset(
    {"default", "defaults", "note", "notes", "example", "examples", "unit", "units", "range", "min", "max", "minimum"}
    | {"maximum", "format", "type", "required"}
)
_LISTS_VALUES = re.compile(
    r"\b(?:values?|one of|enum\w*|valid|allowed|can be|either|options?|types?)\b|枚举|取值|可选值|可选项", re.IGNORECASE
)
"""What announces values where their form alone does not prove that they are some."""
_ANNOUNCED = re.compile(
    r"\b(?:valid|possible|supported|allowed|accepted|available) (?:values?|options?)(?: are| is)?\s*[:：]",
    re.IGNORECASE,
)
"""After this stand the values; what was mentioned before it is something else."""
_NO_VALUES = re.compile(
    r"""
    \b(?:e\.g\.|eg\.|for\ example|such\ as|like\ (?=[`\"]) | examples?\b\s?:?|i\.e\.) [^;；。)]*   # an example is one of many
    | \b(?:only\ |not\ )?(?:applicable|applies|applied)\ (?:to|for|when|in)\b [^.;；。)]* | \bin\ (?:the\ )?`[^`]+`(?:\ (?:or|and)\ `[^`]+`)?\ mode
    | \bdeprecated[,:;\s-]+(?:please\ )?(?:use|see|refer\ to|replaced\ by|superseded\ by)\ `[^`]+`(?:\ (?:and|or)\ `[^`]+`)?   # its successors
    | \bin\ combination\ with\b [^.;；。)]* | \b\w+=`[^`]+`(?:\s?(?:,|or|/|&)\s?`[^`]+`)*   # `category=`spot``: a condition
    | `[^`]+`(?:\ (?:and|or)\ `[^`]+`)?[\w ]{1,30}\bdefaults?\ to\ `[^`]+`   # `A` and `B` orders default to `C`
    | \b(?:used|sent|given|combined|together|along|required|mandatory)\ (?:together\ )?(?:with|for|when|if)\b [^.;；。)]*  # other parameters
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Clauses that name something else than values of the parameter that they describe."""
# `depending on `qty` input`, `the unit of `qty` where …`: one marked word alone, and the sentence goes on.
_ABOUT = re.compile(
    r"\b(?:for|of|on|upon|by|than|with|from|to|using|must be) `[^`\s]{1,40}`"
    r"(?=\s+(?!or\b|and\b)[A-Za-z]|\s*[.;](?:\s|\Z)|\s*\Z|\s+`[^`\s]+`\s*[:：])"
)
# The last one may follow a word: `GTC, IOC or FOK`.
_COMMAS = re.compile(rf"(?<![\w,]){_CAPS}(?:\s?[,，、]\s?{_CAPS})+(?:\s?,?\s(?:or|and)\s{_CAPS}(?![\w-]))?")


_ENDED = re.compile(r"\s*[(（][^()（）]*\bdeprecated\b[^()（）]*[)）]", re.IGNORECASE)
_IN_CAPITALS = re.compile(_CAPS)


def values_in(text: str, finders: Sequence[str]) -> tuple[str, ...]:
    """Return the values that a description lists, by the first way of listing that finds at least two."""
    # What stands beside a value in brackets does not change that it is one.
    text = _ENDED.sub("", text)
    # Who writes out five "examples" or more means all values.
    text = _NO_VALUES.sub(lambda clause: "" if len(re.split("[,，、]", clause.group())) < 5 else clause.group(), text)
    announced = _ANNOUNCED.search(text)
    after = _found(text[announced.end() :], finders) if announced else ()
    return after or _found(text, finders)


def _found(text: str, finders: Sequence[str]) -> tuple[str, ...]:
    for finder in finders:
        found = tuple(dict.fromkeys(_FINDERS[finder](text)))
        # One value is an example; more than sixty are a list of symbols, which changes every day.
        if 2 <= len(found) <= 60:
            return found
    return ()


def _pairs(text: str) -> list[str]:
    """Find numbers that are explained; where several are marked, an unmarked one is a figure: `4`: in 7 days."""
    found = [(match[1].strip("`"), match[0]) for match in _NUMBERED.finditer(text)]
    marked = [value for value, whole in found if "`" in whole]
    return marked if len(marked) > 1 else [value for value, _ in found]


def _quoted(text: str) -> list[str]:
    found = [double or single for double, single in _QUOTED.findall(text)]
    return found if len(found) >= 2 else []


def _code(text: str) -> list[str]:
    text = _ABOUT.sub("", text)
    found = _BACKTICKED.findall(text)
    # Marked words that something follows which parts the values of a list, or ends it.
    listed = re.findall(r"`[^`\s]{1,40}`(?=\s*(?:/|,|;\s*`|or |、|`|[.)\]]*\s*$|\s\w+))", text)
    # The last of several, whatever follows it: ``pass `A`, `B`. If not passed, …``.
    listed += [f"`{value}`" for run in _RUN.findall(text) for value in _BACKTICKED.findall(run)]
    return [f for f in found if f"`{f}`" in listed]


def _slashes(text: str) -> list[str]:
    return [value.strip() for run in _SLASHED.findall(text) for value in run.split("/")]


def _choices(text: str) -> list[str]:
    """Find words between slashes that are in capitals, or announced: `Storm/Flood` may be two words for one thing."""
    announced = _LISTS_VALUES.search(text) is not None
    return [value for value in _slashes(text) if announced or _IN_CAPITALS.fullmatch(value)]


def _glosses(text: str) -> list[str]:
    first, marked = _GLOSSED.match(text), _MARKED_GLOSS.findall(text)
    glossed = _GLOSSED.findall(text)
    # Words in capitals are values wherever they are explained: `the kind of order, NORMAL: as usual, IOC: at once`.
    capitals = [word for word in glossed if _IN_CAPITALS.fullmatch(word) and not word.isdigit()]
    found = glossed if first else capitals if len(capitals) > 1 else []
    # In brackets, such as `side (BUY: buy, SELL: sell)`, nothing else stands before them.
    enclosed = [_GLOSSED.findall(inner) for inner in re.findall(r"[(（]([^()（）]{5,200})[)）]", text)]
    found = found or next((words for words in enclosed if len(words) > 1), [])
    # Marked words with a colon are explained wherever they stand, as entries of a list do.
    found = found if len(found) > 1 or len(marked) < 2 else marked
    return [] if any(word.lower() in _REMARKS for word in found) else found


def _commas(text: str) -> list[str]:
    return [
        value.strip() for run in _COMMAS.findall(text) for value in re.split(r"\s?[,，、]?\s(?:or|and)\s|[,，、]", run)
    ]


_FINDERS: dict[str, Callable[[str], list[str]]] = {
    "glosses": _glosses,
    "pairs": _pairs,
    "quoted": _quoted,
    "code": _code,
    "slashes": _slashes,
    "choices": _choices,
    "commas": _commas,
}
