# Edited in templates/venues/core/channels/topics.py; the copy in generated/ is imported.
"""Topics: the exchange's names of what is subscribed to, built from a channel's arguments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from venues.core.request.params import Param
from venues.core.request.wire import text_of
from venues.errors import InvalidRequest

# Sorted, so that a topic that is an object has one key, in whatever order the exchange sends its members.
_encode = msgspec.json.Encoder(order="deterministic").encode
_PARAM = re.compile(r"\{([^{}]+)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True)
class TopicParam:
    """A parameter of a channel, and how its topic wants it."""

    param: Param
    case: Literal["lower", "upper"] | None = None
    suffix: str | None = None

    def write(self, value: object) -> str:
        """Write an argument as the topic has it.

        Raises:
            InvalidRequest: if it does not fit.
        """
        encoded = self.param.encode(value, self.param.name)
        self.param.check(encoded, value)
        text = text_of(encoded)
        if not text:
            raise InvalidRequest(f"{self.param.name} is empty")
        text = text.lower() if self.case == "lower" else text.upper() if self.case == "upper" else text
        return text if self.suffix is None or text.endswith(self.suffix) else text + self.suffix


def write_arguments(params: tuple[TopicParam, ...], arguments: Mapping[str, object]) -> dict[str, str]:
    """Return wire name → text for arguments that are given or have a default.

    Raises:
        InvalidRequest: if something is missing or does not fit.
    """
    values: dict[str, str] = {}
    for each in params:
        value = arguments.get(each.param.wire)
        if value is None:
            value = each.param.default
        if value is not None:
            values[each.param.wire] = each.write(value)
        elif each.param.required:
            raise InvalidRequest(f"{each.param.name} is missing")
    return values


def fill_topic(template: Any, values: Mapping[str, str]) -> Any:  # Any: a text, or an object of texts
    """Fill in the parameters; brackets whose parameters are not given are left out."""
    if isinstance(template, dict):
        return {key: fill_topic(part, values) if isinstance(part, str) else part for key, part in template.items()}
    if not isinstance(template, str):
        return template

    def choose(found: re.Match[str]) -> str:
        inner = found.group(1)
        return inner if all(name in values for name in _PARAM.findall(inner)) else ""

    return _PARAM.sub(lambda found: values.get(found.group(1), ""), _OPTIONAL.sub(choose, template))


def key_of(topic: object) -> str:
    """Return the identity of a topic, however its members are ordered."""
    return topic if isinstance(topic, str) else _encode(topic).decode()
