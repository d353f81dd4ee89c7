"""Writes the streams of a draft: each documented channel with its topic, parameters, members and a push."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from generator.drift.draft.frames import Push, filled, sent_frames
from generator.drift.edit.answers import Answers
from generator.drift.edit.shapes import TODO, Tree, answer
from generator.drift.edit.stated import proposed_text
from generator.drift.edit.yaml_edit import block, braced, flow, text_node
from generator.drift.facts.facts import Facts
from generator.ground.naming import snake

_REPEATED = re.compile(r"([{<\[][^{}<>\[\]]+[}>\]])(?:,\s?\1)+(?:\.\.\.|…)?")
_GAP = re.compile(r"<([\w-]+)>|\{([\w-]+)\}|\$([A-Za-z]\w*)")
# What only the owner of an account may see.
_PRIVATE = re.compile(r"private|account|order|position|wallet|balance|execution|margin call|user", re.IGNORECASE)
ASKED = (
    "check the frames of subscribing and pushing, the connections, their heartbeats and logins, and what each channel "
    "delivers; say what the streams are about"
)


class Channels:
    """Knows the channels that pages document."""

    def __init__(self, facts: Facts, answers: Answers, pages: Mapping[str, str], enums: Mapping[str, str]) -> None:
        """Take the facts; what writes structs; owner → page of each channel; and wire name → enum."""
        self._facts = facts
        self._answers = answers
        self._pages = pages
        self._enums = enums
        self._members = {owner: answer(facts, owner) for owner in facts.owners("channel")}
        self._push = Push.of_most(list(self._members.values()))

    def document(self, text: str) -> dict[str, object]:
        """Return streams.yaml; empty where no channel is documented.

        Args:
            text: All pages, which may show how one subscribes.
        """
        names = Counter[str]()
        channels = [self._channel(owner, names) for owner in self._members]
        if not channels:
            return {}
        used = dict.fromkeys(str(channel["connection"]) for channel in channels)
        connections = {name: flow({"doc": f"{proposed_text(name).rstrip('.')} streams."}) for name in used}
        return {
            "doc": text_node(f"{TODO}{ASKED}."),
            **sent_frames(text, self._push),
            "connections": connections,
            "channels": list[object](channels),
        }

    def _channel(self, owner: str, names: Counter[str]) -> dict[str, Any]:  # Any: YAML
        documented, fact = owner.removeprefix("stream "), self._facts.facts[owner, "channel", ""]
        gaps = [next(filter(None, match)) for match in _GAP.findall(documented)]
        # `{symbol},{symbol}...` is a list, of which one subscription has one entry as well.
        single = _REPEATED.sub(r"\1", documented)
        topic = _GAP.sub(lambda gap: "{" + _wire(next(filter(None, gap.groups()))) + "}", single)
        name = _name(documented, names)
        page = self._pages.get(owner, "")
        params = {_wire(gap): self._param(_wire(gap)) for gap in gaps}
        typed, data = self._data(owner, name)
        given = {wire: self._example(wire) for wire in params}
        channel: dict[str, Any] = {
            "name": name,
            "summary": text_node(proposed_text(fact.title if self._is_own(fact.title) else name)),
            "connection": "private" if _is_private(fact.file, documented) else "public",
            "topic": text_node(topic),
        }
        channel |= {"params": block({wire: flow(param) for wire, param in params.items()})} if params else {}
        pushed = filled(self._push.template, topic.format_map(given) if gaps else topic, data)
        example = ({"params": flow(given)} if given else {}) | {"push": braced(pushed)}
        return channel | {
            "returns": typed,
            "delivers": "change",
            "examples": [block(example)],
            "source": flow({"page": page, "heading": fact.title or documented}),
        }

    def _is_own(self, title: str) -> bool:
        """Whether a heading is that of one channel, in letters that a summary may have."""
        titles = [fact.title for _, fact in self._facts.of("channel")]
        return title.isascii() and bool(title) and titles.count(title) == 1

    def _param(self, wire: str) -> dict[str, object]:
        typed = self._enums.get(wire, "string")
        return {"type": typed, "required": True, "doc": proposed_text(wire), "example": self._example(wire)}

    def _example(self, wire: str) -> object:
        return self._answers.example(wire, self._enums.get(wire, "string"))

    def _data(self, owner: str, name: str) -> tuple[str, object]:
        """Return the type of what a push delivers, and an example; `json` where no page says what it holds."""
        members = self._members[owner]
        node = members.get(self._push.data)
        listed = node["type"] == "array" if node else _is_listed(self._facts, owner)
        inner: Tree = node["members"] if node else {w: n for w, n in members.items() if w not in self._push.around}
        if not inner:
            return "json", {}
        struct, example = self._answers.struct_of(owner, name, inner)
        return (f"list[{struct}]", [example]) if listed else (struct, example)


def _is_private(file: str, topic: str) -> bool:
    """Whether a channel needs a login, by its topic and by the folder of its page."""
    return _PRIVATE.search(topic) is not None or "private" in file.split("/")[-3:]


def _is_listed(facts: Facts, owner: str) -> bool:
    return any(path.startswith("[].") for path, *_ in facts.samples.get(owner, []))


def _wire(gap: str) -> str:
    return gap.replace("-", "_")


def _name(topic: str, names: Counter[str]) -> str:
    """Return an unused name: the words of a topic without its gaps."""
    words = snake(re.sub(r"\W+", "_", _GAP.sub(" ", topic)).strip("_"))
    name = re.sub(r"_+", "_", words).strip("_") or "channel"
    name = name if name[0].isalpha() else f"channel_{name}"
    names[name] += 1
    return f"{name}_{names[name]}" if names[name] > 1 else name
