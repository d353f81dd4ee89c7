# Edited in templates/venues/mock/streams/frames.py; the copy in generated/ is imported.
"""Templates of frames, as the exchange uses them: reads what clients send, and writes what they receive.

A placeholder such as `{topics}` stands for a whole value; `{id?}` is left out where there is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from venues.mock.exact import Json, compact

# A trailing $ would also match before a line break.
_PLACEHOLDER = re.compile(r"\{([a-z_]+)(\?)?\}\Z")
_PARAMETER = re.compile(r"\{([^{}]+)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


def match_template(template: Json, frame: Json) -> dict[str, Json] | None:
    """Return the values at the placeholders of a template; None if the frame does not fit it."""
    found: dict[str, Json] = {}
    return found if _take(template, frame, found) else None


def members_of(frame: Json, template: Json) -> Json:
    """Return the members of a frame that a template has; what is no object as it is."""
    if not isinstance(frame, dict) or not isinstance(template, dict):
        return frame
    return {name: value for name, value in frame.items() if name in template}


def _take(template: Json, frame: Json, found: dict[str, Json]) -> bool:
    name = _PLACEHOLDER.match(template) if isinstance(template, str) else None
    if name:
        found[name[1]] = frame
        return True
    if isinstance(template, dict) and isinstance(frame, dict):
        wanted = [key for key, member in template.items() if key in frame or not _may_miss(member)]
        return set(wanted) == set(frame) and all(_take(template[key], frame[key], found) for key in wanted)
    if isinstance(template, list) and isinstance(frame, list):
        return len(template) == len(frame) and all(map(lambda t, f: _take(t, f, found), template, frame))
    # By type, too: in Python 1 equals True, in JSON it does not.
    return type(template) is type(frame) and bool(template == frame)


def fill_template(template: Json, values: Mapping[str, Json]) -> Json:
    """Return a frame: a template with its values; optional members without one are left out."""
    name = _PLACEHOLDER.match(template) if isinstance(template, str) else None
    if name:
        return values.get(name[1], "")
    if isinstance(template, dict):
        return {
            key: fill_template(member, values) for key, member in template.items() if not _is_left_out(member, values)
        }
    return [fill_template(member, values) for member in template] if isinstance(template, list) else template


def _may_miss(member: Json) -> bool:
    name = _PLACEHOLDER.match(member) if isinstance(member, str) else None
    return name is not None and name[2] is not None


def _is_left_out(member: Json, values: Mapping[str, Json]) -> bool:
    name = _PLACEHOLDER.match(member) if isinstance(member, str) else None
    return name is not None and name[2] is not None and name[1] not in values


def has_placeholder(template: Json, name: str) -> bool:
    """Whether a value stands anywhere in a template."""
    if isinstance(template, dict):
        return any(has_placeholder(member, name) for member in template.values())
    if isinstance(template, list):
        return any(has_placeholder(member, name) for member in template)
    found = _PLACEHOLDER.match(template) if isinstance(template, str) else None
    return found is not None and found[1] == name


def id_in(templates: Mapping[str, Json], frame: Json) -> dict[str, Json]:
    """Return the id of a frame that fits no template, where it stands in one that does; its refusal repeats it."""
    members = [pair for template in templates.values() if isinstance(template, dict) for pair in template.items()]
    place = next((key for key, value in members if value in ("{id}", "{id?}")), None)
    own = frame.get(place) if isinstance(frame, dict) else None
    return {"id": own} if isinstance(own, (str, int)) else {}


def topic_key(topic: Json) -> str:
    """Return a topic as text; equal topics have equal texts, whatever the order of their members."""
    return compact(dict(sorted(topic.items()))) if isinstance(topic, dict) else str(topic)


def is_topic_of(template: Json, topic: Json) -> bool:
    """Whether a topic fits the template of a channel."""
    return topic_values(template, topic) is not None


def topic_values(template: Json, topic: Json) -> dict[str, str] | None:
    """Return the parameters that a topic names, by wire name; None if it does not fit the template."""
    if isinstance(template, dict):
        if not isinstance(topic, dict) or set(template) != set(topic):
            return None
        parts = [topic_values(part, topic[key]) for key, part in template.items()]
        return None if None in parts else {name: text for part in parts for name, text in (part or {}).items()}
    if not isinstance(topic, str):
        return None
    pattern, names = _pattern(str(template))
    found = pattern.fullmatch(topic)
    return found and {name: text for name, text in zip(names, found.groups(), strict=True) if text is not None}


def fill_topic(template: Json, values: Mapping[str, str]) -> Json:
    """Return a topic: a template with its parameters; what stands in brackets is left out where one is missing."""
    if isinstance(template, dict):
        return {key: fill_topic(part, values) for key, part in template.items()}
    known = _OPTIONAL.sub(
        lambda found: found[1] if all(name in values for name in _PARAMETER.findall(found[1])) else "", str(template)
    )
    return _PARAMETER.sub(lambda found: values.get(found[1], ""), known)


@cache
def _pattern(template: str) -> tuple[re.Pattern[str], list[str]]:
    """Return what a topic looks like, with a group for each parameter, and the parameters."""
    optional = _OPTIONAL.split(template)
    parts = [
        _topic_part(part) if index % 2 == 0 else f"(?:{_topic_part(part)})?" for index, part in enumerate(optional)
    ]
    return re.compile("".join(parts)), _PARAMETER.findall(template)


def _topic_part(part: str) -> str:
    # Parameters of a topic hold no @: that begins the next part, as in btcusdt@depth@100ms.
    return "([^@\\s]+?)".join(map(re.escape, _PARAMETER.split(part)[::2]))
