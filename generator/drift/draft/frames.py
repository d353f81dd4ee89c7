"""Guesses the frames of streams: how one subscribes, by the samples on pages; and what is around the data of a push."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generator.drift.edit.shapes import Tree
from generator.drift.edit.yaml_edit import flow

TOPICS = ("topic", "stream", "channel", "ch", "dataType")
DATA = ("data", "result", "payload", "tick")
TIMES = ("ts", "time", "timestamp", "creationTime", "t")
# `{"op": "subscribe", "args": [ …`, with the number of the frame before or after.
_SUBSCRIBE = re.compile(
    r"\{(?P<before>[^{}\[\]]*)\"(?P<verb>op|method|event|action|type|cmd)\"\s*:\s*\"(?P<word>sub(?:scribe)?)\"\s*,"
    r"(?P<between>[^{}\[\]]*?)\"(?P<list>\w+)\"\s*:\s*(?P<open>\[|\")(?P<after>[^{}]*)\}",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\"(id|req_id|reqId|request_id)\"\s*:\s*(\"?)")


@dataclass(frozen=True)
class Push:
    """What most pushes have around their data."""

    topic: str
    data: str

    @staticmethod
    def of_most(pushes: Sequence[Tree]) -> Push:
        """Return the members that most pushes have; the usual ones where pages show the data alone."""
        topics = Counter(wire for push in pushes for wire in push if wire in TOPICS)
        data = Counter(wire for push in pushes for wire in push if wire in DATA)
        return Push((topics.most_common(1) or [("topic", 0)])[0][0], (data.most_common(1) or [("data", 0)])[0][0])

    @property
    def around(self) -> frozenset[str]:
        """The members that are none of the data."""
        return frozenset({self.topic, *TIMES})

    @property
    def template(self) -> dict[str, object]:
        """The frame with placeholders."""
        return {self.topic: "{topic}", self.data: "{data}"}


def filled(template: Mapping[str, object], topic: str, data: object) -> dict[str, object]:
    """Return a frame with a topic and data in their places."""
    values: dict[object, object] = {"{topic}": topic, "{data}": data}
    return {wire: values.get(value, value) for wire, value in template.items()}


def sent_frames(text: str, push: Push) -> dict[str, object]:
    """Return what is sent and received around the data, as the first sample of a subscription has it."""
    found = _SUBSCRIBE.search(text)
    verb, word, wire = (found["verb"], found["word"], found["list"]) if found else ("op", "subscribe", "args")
    number = _NUMBER.search(f"{found['before']} {found['between']} {found['after']}") if found else None
    several = "{topics}" if found is None or found["open"] == "[" else "{topic}"
    un = f"UN{word}" if word.isupper() else f"un{word}"
    numbered: dict[str, object] = {number[1]: "{id}"} if number else {}
    frames = {
        name: flow({verb: said, wire: several} | numbered) for name, said in (("subscribe", word), ("unsubscribe", un))
    }
    answers = {name: flow(numbered or {verb: said}) for name, said in (("subscribed", word), ("unsubscribed", un))}
    ids: dict[str, object] = {"ids": "string"} if number and number[2] else {}
    refused = flow({"code": "{code}"} | numbered)
    return ids | {"send": frames, "receive": answers | {"refused": refused, "push": flow(push.template)}}
