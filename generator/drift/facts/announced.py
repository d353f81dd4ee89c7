"""The common ways in which pages list codes, values and events, for profiles that do not describe them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from generator.drift.facts.facts import BRIEF
from generator.drift.facts.profile import ErrorRule, Profile
from generator.drift.facts.prose import STATED
from generator.drift.facts.sections import Section
from generator.drift.pages.blocks import Block, Code, Paragraph

# `Error codes`, `Return code`, `Errors`.
_CODES = re.compile(r"\b(?:error|errno|status|return|result)?\s*codes?\b|\berrors?\b|错误码", re.IGNORECASE)
# A heading may have the words of its message right behind the code; a line of text that begins with a figure is no code.
CODE_HEADING = re.compile(r"[`\"“*]*(?P<code>-?\d{3,9})[`\"”*]*\s+(?P<message>[A-Za-z`].*)")
CODES_NAMED = re.compile(r"(?<![\w.-])(?P<code>-\d{3,9})[`:]?\s+`?(?P<name>[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+)")
"""Codes with their names in a heading about several."""
OWN_CODES = re.compile(r"\W*(?:possible )?error codes?\W*", re.IGNORECASE)
OWN_CODE = re.compile(r"[`\"“*]*(?P<code>-?\d{1,9})[`\"”*]*\s*[-–—:：]\s*(?P<message>\S.*)")
"""The line above the codes of one operation, and one of them."""
_CODE_LINE = re.compile(
    r"""
    [`"“*]* (?P<code>-?\d{3,9}) [`"”*]*        # -2001, `10001`
    (?: \s*[:：,–—|-]?\s* [`"“*]* (?P<name>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*) [`"”*]* )?
    (?: \s*[:：.–—|-]\s+ (?P<message>\S.*) )?
    """,
    re.VERBOSE,
)
# How pages name an enum and list its values: `Side (orderSide):` or `Order types`, then `BUY - a buy`, `1: buy`, `GTC`.
_ENUMS = re.compile(r"\benum(?:s|erations?)?\b|枚举", re.IGNORECASE)
_ENUM_NAME = re.compile(
    r"[^.!?;。]{0,60}\((?P<name>[A-Za-z_]\w*)[^()]*\)\s*[:：]?|(?P<title>[A-Za-z_][\w /-]{1,40})\s*[:：]?"
)
_ENUM_VALUE = re.compile(
    r"[\"“]?(?P<value>[A-Za-z0-9][\w-]*(?: [A-Z][\w-]*\Z)?)[\"”]?(?:\s*[:：(（=].*|\s+[-–—]\s.*|\s*)\Z"
)
# The wire name of a member, with those it lies in.
_PATH = re.compile(r"[a-z]\w*(?:\.[a-z]\w*)*")
_MARKED = re.compile(r"`([^`]{1,60})`")
LONGEST_VALUE = 2  # words; more are a message, or the title of something
_LEADING = re.compile(r"`[^`]{1,60}`(?:\s*[,/、]?\s*`[^`]{1,60}`)*")
_BEHIND = re.compile(r"([A-Za-z][\w ]{0,20}[:：])\s*`[^`]{1,60}`")
# `Event: Account update`, `Push - balance`, `Topic: ticker.<symbol>`: the word, a separator, a name.
_EVENT = re.compile(
    r"(?:event|push|topic|channel|stream)\s*(?:[:：]|\s[–—-]\s)\s*(?P<name>[\w@<>{}.$! -]{2,40})", re.IGNORECASE
)
# `Topic: `kline.{interval}``, `Stream Name: <symbol>@trade`: a line that names what one subscribes to, or several.
_TOPIC = re.compile(
    r"(?:all-in-one |categori[sz]ed )?(?:topic|channel|stream)(?: name)?s?\s*[:：]\s*(?P<names>`.*|\S*[@.{<]\S*\Z)",
    re.IGNORECASE,
)
# `Topic: USDT contracts: `insurance.USDT` …`: one for each kind of market.
_LABELLED = re.compile(r"(?:topic|channel|stream)s?\s*[:：]\s*[^`:：]{1,40}[:：]\s*`", re.IGNORECASE)
_BEHIND_LABEL = re.compile(r"[:：]\s*`([^`\s]{1,30}[.@][^`\s]{1,30})`")


_TOPIC_LABEL = re.compile(r"\W*(?:topic|channel|stream)(?: name)?s?\W*[:：]\W*", re.IGNORECASE)
# A topic has a separator (`btcusdt@trade`, `{symbol}.depth`), or is one word in lower case (`ticker`): a word that
# begins with a capital is most often the first one of a sentence.
_TOPIC_ALONE = re.compile(r"`?(?P<name>[A-Za-z<{/$!][\w.@<>{}/:$!-]*[.@{<:/][\w.@<>{}/:$!-]*|[a-z]\w+)`?")


def topics_below(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the topics in the lines, entries or samples below a label such as `Topic:`, one in each."""
    is_open = False
    for block in blocks:
        lines = block.text.split("\n") if isinstance(block, (Paragraph, Code)) else []
        found = [match["name"] for line in lines if (match := _TOPIC_ALONE.fullmatch(line.strip(" *,")))]
        if isinstance(block, Paragraph) and _TOPIC_LABEL.fullmatch(block.text):
            is_open = True
        elif is_open and found and len(found) == len(lines):
            yield from found
        else:
            is_open = False


def code_rules(section: Section) -> list[ErrorRule]:
    """Return the rule for lines that begin with a code, if the section is about codes."""
    titles = (*section.above, section.title)
    # Outside of operations only: lines inside one begin with numbers for many reasons.
    found = any(_CODES.search(title) for title in titles) and not section.operation
    return [ErrorRule(_CODES, (), _CODE_LINE, is_about_streams(section))] if found else []


def is_about_streams(section: Section) -> bool:
    """Whether a section's own heading speaks of WebSocket: its codes are those of streams."""
    return re.search(r"\bws\b|websocket", section.title, re.IGNORECASE) is not None


def is_about_codes(section: Section) -> bool:
    """Whether a section's own heading promises codes."""
    return re.search(r"\b(?:error|status)\s*codes?\b|错误码", section.title, re.IGNORECASE) is not None


def is_about_enums(section: Section) -> bool:
    """Whether a section lists values of enumerations."""
    return not section.operation and any(_ENUMS.search(title) for title in (*section.above, section.title))


def enum_name(text: str) -> str:
    """Return the name of the enumeration that a line introduces, such as `Side (orderSide):`; empty for sentences."""
    bare = text.strip("*` ")
    if _PATH.fullmatch(bare):
        return bare
    match = _ENUM_NAME.fullmatch(bare)
    if match is None:
        return ""
    title = match.group("title") or ""
    return match.group("name") or (title if len(title.split()) <= BRIEF else "")


def names_enum(title: str) -> bool:
    """Whether a heading is, or has in brackets, the wire name of an enumeration; then lines below it only group values."""
    bare = title.strip("*` ")
    match = _ENUM_NAME.fullmatch(bare)
    return _PATH.fullmatch(bare) is not None or (match is not None and match.group("name") is not None)


def enum_values(text: str) -> list[str]:
    """Return the values that an entry of a list states; none if it is a sentence.

    They stand at its beginning, several in a row where each is marked, or behind a word and a colon: `evening: `7`, `8``.
    """
    if behind := _BEHIND.match(text):
        return _MARKED.findall(text[behind.end(1) :])
    if leading := _LEADING.match(text):
        return [value for value in _MARKED.findall(leading[0]) if len(value.split()) <= LONGEST_VALUE]
    match = _ENUM_VALUE.match(text)
    return [match.group("value")] if match else []


def event_name(section: Section, profile: Profile) -> str:
    """Return the event or channel that a heading names; empty if the profile says how to find them."""
    if profile.channels or profile.streams or section.operation:
        return ""
    match = _EVENT.fullmatch(section.title.strip("*` "))
    return match.group("name").strip() if match else ""


def topics_of(text: str) -> list[str]:
    """Return the topics that a line names; several stand in backticks, before any other word, or each behind a label."""
    bare = text.strip("* ")
    if _LABELLED.match(bare):
        return _BEHIND_LABEL.findall(bare)
    match = _TOPIC.match(bare)
    if match is None:
        return []
    marked = re.match(r"(?:`[^`\s]{1,60}`(?:\s*[,/、]\s*|\s+or\s+)?)+", match["names"])
    found = re.findall(r"`([^`]+)`", marked[0]) if marked else [match["names"]]
    return [name for name in found if "://" not in name and not STATED["address"].fullmatch(name)]
