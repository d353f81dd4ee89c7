"""Finds the channels that a section is about, and the sections that go on about them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from generator.drift.facts.announced import event_name, is_about_codes, is_about_enums, topics_below, topics_of
from generator.drift.facts.profile import Profile
from generator.drift.facts.programs import is_program
from generator.drift.facts.samples import read_sample
from generator.drift.facts.sections import Section, announced, request_of
from generator.drift.pages.blocks import Code, Heading, Paragraph, Table

# What pushes call their kind; `event` alone also is the word of answers to a subscription.
_EVENT = re.compile(r"\b(?:e|eventType|event_type)\"?\s*:")
_EVENT_PATH = re.compile(r"(?:\w+\.)?(?:e|eventType|event_type)")

# The method of what the server sends unasked: `"method": "orders.update"`, `"method": "bookUpdated"`.
_NOTICE = re.compile(
    r"\"method\"\s*:\s*\"([A-Za-z]\w*(?:[._](?:updates?|snapshots?|events?|notifications?|changed)|Updated?))\""
)
_NO_ID = re.compile(r"\A(?![^\[]*\"id\"\s*:\s*[\"\d])")
# `{"op": "subscribe", …}`.
_SUBSCRIBE = re.compile(r"\"(?:op|method|event|action|type)\"\s*:\s*\"subscribe\"", re.IGNORECASE)


def channels_of(section: Section, profile: Profile) -> list[str]:
    """Return the channels that a section names; none for a section with an operation."""
    if section.operation:
        return []
    titles = (*section.above, section.title)
    if profile.streams and not any(p.search(t) for p in profile.streams for t in titles):
        return _events_of(section)
    event = event_name(section, profile)
    return [event] if event else _topics(section, profile) or _events_of(section) or _subscriptions_of(section)


def _subscriptions_of(section: Section) -> list[str]:
    """Return the channels that a section shows how to subscribe to: `{"op": "subscribe", "args": [{"channel": …}]}`."""
    codes = [block for block in section.blocks if isinstance(block, Code) and _SUBSCRIBE.search(block.text)]
    members = [member for code in codes if not is_program(code) for member in read_sample(code.text).members]
    names = (m.value for m in members if m.path.rpartition(".")[2] == "channel" and m.type == "string")
    return list(dict.fromkeys(name for name in names if re.fullmatch(r"[A-Za-z][\w.-]*", name)))


def _events_of(section: Section) -> list[str]:
    """Return the events whose pushes a section shows: `{"e": "lampLit", …}` needs no name above it."""
    codes = [block for block in section.blocks if isinstance(block, Code) and _EVENT.search(block.text)]
    members = [member for code in codes if not is_program(code) for member in read_sample(code.text).members]
    found = [m.value for m in members if _EVENT_PATH.fullmatch(m.path) and m.type == "string"]
    # As JSON-RPC has it: a method in a message that is no answer.
    shown = [block.text for block in section.blocks if isinstance(block, Code) and _NO_ID.search(block.text)]
    found += [match[1] for text in shown if (match := _NOTICE.search(text))]
    return list(dict.fromkeys(value for value in found if re.fullmatch(r"[A-Za-z]\w+", value)))


def _topics(section: Section, profile: Profile) -> list[str]:
    """Return the topics that lines of the section name: as the profile says, else as most pages do."""
    if profile.channels:
        texts = [block.text for block in section.blocks if isinstance(block, (Code, Paragraph, Heading))]
        return [m["channel"] for text in texts for p in profile.channels for m in p.finditer(text)]
    paragraphs = (block.text for block in section.blocks if isinstance(block, Paragraph))
    found = [] if profile.streams else [name for text in paragraphs for name in topics_of(text)]
    return found or ([] if profile.streams else list(topics_below(section.blocks)))


def with_channels(found: Iterable[Section], profile: Profile) -> Iterator[Section]:
    """Yield the sections, those joined to a channel that say what it pushes.

    Pages explain a topic under one heading and list its members under the next: the rules in between, such as how to
    keep an order book, stand under a heading of their own.
    """
    last: Section | None = None
    for section in found:
        if last is not None and _goes_on(section, last, profile):
            last.blocks += [Paragraph(section.line, section.title), *section.blocks]
            continue
        if channels_of(section, profile):
            yield from () if last is None else (last,)
            last = section
            continue
        if last is not None and (section.operation or section.level < last.level):
            yield last
            last = None
        yield section
    yield from () if last is None else (last,)


def _goes_on(section: Section, last: Section, profile: Profile) -> bool:
    """Whether a section lists what the channel above it pushes, and the channel's own section does not."""
    if section.operation or section.level < last.level or channels_of(section, profile):
        return False
    if is_about_codes(section) or is_about_enums(section) or any(request_of(b, profile) for b in section.blocks):
        return False
    lists = any(isinstance(block, (Table, Code)) for block in section.blocks)
    return lists and "answers" in announced(section, profile) - announced(last, profile)
