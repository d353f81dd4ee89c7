# Edited in templates/venues/mock/streams/played.py; the copy in generated/ is imported.
"""Plays back the examples of channels: as they are, or as they would be for other arguments."""

from __future__ import annotations

from collections.abc import Mapping

from venues.mock.declared.channels import Channel, ChannelExample
from venues.mock.exact import Json, compact, parse
from venues.mock.streams.frames import fill_topic, topic_key, topic_values

Values = Mapping[str, str]


def played(channel: Channel, topic: Json) -> list[str]:
    """Return the examples that a subscriber of a topic gets; none if the topic is not this channel's."""
    asked = topic_values(channel.topic, topic)
    if asked is None:
        return []
    same = [example.push for example in channel.examples if topic_key(example.topic) == topic_key(topic)]
    return same or [
        compact(for_topic(channel, example.push, topic_values(channel.topic, example.topic) or {}, topic))
        for example in _nearest(channel, asked)
    ]


def _nearest(channel: Channel, asked: Values) -> list[ChannelExample]:
    """Return the examples of one subscription, one that has the same arguments if there is any."""
    known = [(example, topic_values(channel.topic, example.topic)) for example in channel.examples]
    fitting = [example for example, values in known if values is not None and set(values) == set(asked)]
    first = next(iter(fitting or channel.examples), None)
    return [each for each in channel.examples if first is not None and each.topic == first.topic]


def for_topic(channel: Channel, push: str, own: Values, topic: Json) -> Json:
    """Return a push of the example's arguments as it is for the arguments of another topic."""
    document = parse(push)
    asked = topic_values(channel.topic, topic)
    if asked is None or asked == own:
        return document
    changed = {wire: value for wire, value in asked.items() if own.get(wire, value) != value}
    texts = {own[wire]: value for wire, value in changed.items()}
    texts |= {own[w].removesuffix(s): changed[w].removesuffix(s) for w, s in channel.suffixes.items() if w in changed}
    forms = [form for form in (channel.topic, channel.pushed) if isinstance(form, str)]
    topics = {str(fill_topic(form, own)): str(fill_topic(form, asked)) for form in forms}
    return _replace(document, texts, topics)


def _replace(value: Json, texts: Values, topics: Values) -> Json:
    """Replace whole texts, whatever their case: a topic may say btcusdt, and its push BTCUSDT."""
    if isinstance(value, dict):
        return {key: _replace(member, texts, topics) for key, member in value.items()}
    if isinstance(value, list):
        return [_replace(member, texts, topics) for member in value]
    if not isinstance(value, str) or not value:
        return value
    if value in topics:
        return topics[value]
    # A number is not replaced: 5 levels in a topic say nothing of a quantity of 5.
    found = next((new for old, new in texts.items() if old.lower() == value.lower() and not old.isdecimal()), None)
    return value if found is None else found.upper() if value.isupper() else found.lower() if value.islower() else found
