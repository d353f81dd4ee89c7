"""Templates of WebSocket frames and topics: how they are filled, and whether a frame looks like one.

The runtime and the mock exchange match frames with code of their own: they ship without the generator, and so the
examples of a spec are judged by other code than that which reads the exchange's frames.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from generator.ground.json_path import value_at
from generator.model.channels import Channel
from generator.model.types import Json

_WHOLE = re.compile(r"\{([a-z_]+)(\?)?\}\Z")
"""A placeholder of a frame, which is a whole text: `{id}`; one that may be missing: `{id?}`."""

_INSIDE = re.compile(r"\{[a-z_]+\??\}")
"""The same beside other letters: nothing fills it, so it is probably a mistake."""

_PARAM = re.compile(r"\{([^{}]+)\}")
"""A parameter of a topic, by its wire name: `{symbol}@kline`."""

_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
"""A part of a topic that is left out if its parameter is: `{symbol}@depth[@{speed}]`."""


def placeholders(template: Json) -> Iterator[str]:
    """Yield the placeholders of a template, without their question marks."""
    yield from (whole.group(1) for text in _texts(template) if (whole := _WHOLE.match(text)))


def needed(template: Json) -> Iterator[str]:
    """Yield the placeholders that a frame can't do without."""
    yield from (whole.group(1) for text in _texts(template) if (whole := _WHOLE.match(text)) and not whole.group(2))


def half_placeholders(template: Json) -> Iterator[str]:
    """Yield the texts that hold something like a placeholder beside other letters."""
    yield from (text for text in _texts(template) if _INSIDE.search(text) and not _WHOLE.match(text))


def _texts(template: Json) -> Iterator[str]:
    if isinstance(template, str):
        yield template
    elif isinstance(template, (dict, list)):
        for member in template.values() if isinstance(template, dict) else template:
            yield from _texts(member)


def match_frame(template: Json, frame: Json) -> dict[str, Json] | None:
    """Return what stands at the placeholders, or None if the frame looks different."""
    found: dict[str, Json] = {}
    return found if _fits(template, frame, found) else None


def _fits(template: Json, frame: Json, found: dict[str, Json]) -> bool:
    if isinstance(template, str) and (whole := _WHOLE.match(template)):
        found[whole.group(1)] = frame
        return True
    if isinstance(template, dict):
        return isinstance(frame, dict) and all(
            _fits(member, frame[key], found) if key in frame else _may_miss(member) for key, member in template.items()
        )
    if isinstance(template, list):
        # Members beyond the template are allowed, as they are in objects.
        return (
            isinstance(frame, list)
            and len(frame) >= len(template)
            and all(_fits(member, inner, found) for member, inner in zip(template, frame, strict=False))
        )
    return str(template) == str(frame)  # as text, so that a number fits quoted or not


def _may_miss(member: Json) -> bool:
    whole = _WHOLE.match(member) if isinstance(member, str) else None
    return bool(whole and whole.group(2))


def topic_params(topic: Json) -> tuple[set[str], set[str]]:
    """Return the parameters that a topic must have, and those that it may do without."""
    texts = [str(part) for part in topic.values()] if isinstance(topic, dict) else [str(topic)]
    needed, optional = set[str](), set[str]()
    for text in texts:
        for inner in _OPTIONAL.findall(text):
            optional |= set(_PARAM.findall(inner))
        needed |= set(_PARAM.findall(_OPTIONAL.sub("", text)))
    return needed, optional


def topic(template: Json, values: Mapping[str, str]) -> Json:
    """Fill the parameters of a topic; brackets whose parameters are not given are left out."""
    # A connection that is one channel, such as a user stream, has no topics.
    if template is None:
        return None
    if isinstance(template, dict):
        return {key: topic(part, values) if isinstance(part, str) else part for key, part in template.items()}
    # Brackets first: what they omit must not be filled.
    return _PARAM.sub(
        lambda found: values.get(found.group(1), ""), _OPTIONAL.sub(_optional_filler(values), str(template))
    )


def _optional_filler(values: Mapping[str, str]) -> Callable[[re.Match[str]], str]:
    def choose(found: re.Match[str]) -> str:
        inner = found.group(1)
        return inner if all(name in values for name in _PARAM.findall(inner)) else ""

    return choose


def topic_values(channel: Channel, given: dict[str, Json]) -> dict[str, str]:
    """Return the parameters of a channel as its topic has them."""
    values: dict[str, str] = {}
    for param in channel.params:
        # A topic has the default written out: the exchange does not add it to the topic.
        value = given.get(param.wire, param.param.default)
        if value is None:
            continue
        text = str(value)
        # Exchanges that write BTCUSDT over REST may want btcusdt in topics; callers should not have to know.
        text = text.lower() if param.case == "lower" else text.upper() if param.case == "upper" else text
        values[param.wire] = text if not param.suffix or text.endswith(param.suffix) else text + param.suffix
    return values


def pushed_payload(templates: Iterable[Json], push: Json) -> Json:
    """Return the payload of a push that looks like one of these; the whole push where none says where it lies."""
    for template in templates:
        # The first that fits: exchanges have one form of push per address, and some a second with the topic's name.
        found = match_frame(template, push)
        if found is not None:
            return found.get("data", push)
    return push


def event_of(channel: Channel, payload: Json) -> str:
    """Return what a payload says that it is, at the member that its channel names."""
    return str(value_at(payload, (channel.at or "").split(".")))


def data_path(templates: tuple[Json, ...]) -> tuple[str | int, ...]:
    """Return where the payload lies in a push."""
    for template in templates:
        if isinstance(template, dict):
            for key, member in template.items():
                # The payload lies at the first level in every known API, so deeper levels are not searched.
                if member == "{data}":
                    return (key,)
    return ()
