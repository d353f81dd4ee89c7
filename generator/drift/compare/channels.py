"""Compares documented stream channels with those of the spec."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.drift.compare.changes import IDS, Change
from generator.drift.facts.facts import Facts
from generator.model.api import Api
from generator.model.types import Json

# The variable part of a topic, as pages mark it: <symbol>, {symbol} or $symbol.
_GAP = re.compile(r"<[^<>]+>|\{[^{}]+\}|\$[A-Za-z]\w*")


def channel_changes(api: Api, docs: Facts, pages: set[str]) -> Iterator[Change]:
    """Yield the channels that only one side has; nothing if no channel is documented."""
    channels = api.streams.channels if api.streams else ()
    documented = {key[0].removeprefix("stream "): fact for key, fact in docs.of("channel")}
    names = {channel.name: pattern_of(channel.topic) for channel in channels}
    # Some pages have no names for channels, but for the events that come through them.
    events = {event: channel.name for channel in channels for event in (*_words(channel.topic), *channel.events)}
    for topic, fact in documented.items():
        if topic in events:
            continue
        if channels and not any(pattern.fullmatch(_GAP.sub("x", topic)) for pattern in names.values()):
            id = "channel-added"
            yield Change(id, f"stream {topic}", level=IDS[id], file=fact.file, line=fact.line)
    for channel in channels if documented else ():
        found = any(
            names[channel.name].fullmatch(_GAP.sub("x", topic)) or events.get(topic) == channel.name
            for topic in documented
        )
        # A channel of a page that was not read in this run is not gone.
        if not found and channel.page.name in pages:
            yield Change("channel-removed", f"stream {channel.name}", level=IDS["channel-removed"])


def _words(topic: Json) -> list[str]:
    """Return the constant words of a topic, which its events are called after: `trade` of `{symbol}@trade`."""
    return re.findall(r"[A-Za-z]\w+", re.sub(r"\{[^{}]+\}", " ", topic)) if isinstance(topic, str) else []


def pattern_of(topic: Json) -> re.Pattern[str]:
    """Return what a topic looks like in documentation, each gap filled with `x`; parts in brackets may be missing."""
    if isinstance(topic, dict):
        # A topic of several members is documented by the constant one, such as the name of the channel.
        words = [value for value in topic.values() if isinstance(value, str) and not _GAP.search(value)]
        return re.compile("|".join(map(re.escape, words)) or "x")
    pattern = ""
    for part in re.split(r"(\{[^{}]+\}|\[|\])", str(topic)):
        pattern += {"[": "(?:", "]": ")?"}.get(part) or (r"[\w.-]+" if part.startswith("{") else re.escape(part))
    return re.compile(pattern)
