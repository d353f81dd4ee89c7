"""Writes the enums of a draft: for parameters that list their values, and for lists that a parameter is named after."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Mapping

from ruamel.yaml.comments import CommentedSeq

from generator.check.names import CLASSES
from generator.drift.draft.rows import ONCE
from generator.drift.edit.shapes import TODO, deprecation_text, enum_member_name
from generator.drift.edit.stated import comment_of, proposed_text, states_range
from generator.drift.edit.yaml_edit import flow
from generator.drift.facts.endings import KIND
from generator.drift.facts.facts import Fact, Facts
from generator.drift.facts.mentions import FREE, last_word
from generator.drift.facts.profile import Profile
from generator.ground.naming import pascal, snake

SIGNS = frozenset({"timestamp", "signature", "sign", "recvwindow", "apikey", "api_key", "nonce", "access_key"})
"""Parameters, in lower case, that signing adds."""


class Enums:
    """Knows the lists of values on all pages."""

    def __init__(self, facts: Facts, profile: Profile) -> None:
        self._facts = facts
        self._profile = profile
        self._words = dict[str, str]()

    def values(self) -> dict[str, list[str]]:
        """Return the parameters that list their values, with the values."""
        values: dict[str, dict[str, dict[str, None]]] = {}
        for key, _ in self._facts.of("value"):
            path, _, value = key[2].partition("=")
            param = self._facts.facts.get((key[0], "param", path))
            if " /" in key[0] and param is not None and "." not in path and self._is_value(key[0], param, value):
                values.setdefault(path, {}).setdefault(key[0], {})[value] = None
        shared = self._profile.shared | SIGNS
        # A single value is usually an example, not a set of values, and so is any coin or figure.
        found = {
            wire: known
            for wire, calls in values.items()
            if len(known := _united(list(calls.values()))) > 1 and wire not in shared and last_word(wire) not in FREE
        }
        # A list of its own is more than what cells say, which may be the values of one call.
        return found | self.lists_by_title()

    def _is_value(self, owner: str, param: Fact, value: str) -> bool:
        """Whether what a description quotes is a value: no end of a range, no truth, no other parameter."""
        is_number = re.match(r"u?int|long|number|decimal|double|float|bool", param.value.lower()) is not None
        is_end = is_number or states_range(param.text)
        other = (owner, "param", value) in self._facts.facts
        return not (value in ("true", "false") or other or (is_end and re.fullmatch(r"-?[\d.]+|[A-Za-z]+", value)))

    def lists_by_title(self) -> dict[str, list[str]]:
        """Return the parameters that a list of values is named after."""
        lists = dict[str, dict[str, None]]()
        for key, _ in self._facts.of("value"):
            if key[0].startswith("enum "):
                lists.setdefault(key[0].removeprefix("enum "), {})[key[2]] = None
        params = {key[2] for key, _ in self._facts.of("param") if " /" in key[0] and "." not in key[2]}
        samples = (members for owner, members in self._facts.samples.items() if " /" in owner)
        answers = ((path, kind) for members in samples for path, kind, _ in members)
        params |= {path.rpartition(".")[2] for path, kind in answers if kind == "string"}
        wires = {wire for wire in params - self._profile.shared if wire.lower() not in SIGNS}
        claims = dict[str, list[list[str]]]()
        for title, values in lists.items():
            words = re.findall(r"[A-Za-z][a-z0-9]*|[A-Z]+", title)
            # `Order type` may be the list of `type`; `Interval time` is none of `time`.
            last = {word.lower() for word in words[-1:]} - FREE
            names = {"".join(words).lower()} | last
            # `Order types` are the values of `type`.
            names |= {name[:-1] for name in names if re.search(r"[^us]s\Z", name)}
            for wire in sorted(wires):
                if wire.lower().replace("_", "") in names:
                    claims.setdefault(wire, []).append(list(values))
        return {wire: chosen for wire, found in claims.items() if (chosen := self._fitting(wire, found))}

    def _fitting(self, wire: str, lists: list[list[str]]) -> list[str]:
        """Return the one list that has the values in samples; none where several lists claim a name all the same."""
        if len(lists) == 1:
            return lists[0]
        members = (member for owner, found in self._facts.samples.items() if " /" in owner for member in found)
        shown = {value for path, _, value in members if path.rpartition(".")[2] == wire and value}
        fitting = [values for values in lists if shown and shown <= set(values)]
        return fitting[0] if len(fitting) == 1 else []

    def types(self) -> dict[str, tuple[str, list[object]]]:
        """Return the enum of each parameter, and the values that it takes where they are not all of them.

        `tpTriggerBy` takes what `triggerBy` does, or some of it: then one enum serves both.
        """
        homes, values = self._homes(), self.values()
        found = dict[str, tuple[str, list[object]]]()
        for wire, home in homes.items():
            is_less = set(values[wire]) < set(values[home])
            found[wire] = (enum_name(home), _typed(values[wire], values[home]) if is_less else [])
        return found

    def _homes(self) -> dict[str, str]:
        """Return the parameter after which the enum of each parameter is named."""
        values, titled = self.values(), self.lists_by_title()
        ranked = sorted(values, key=lambda wire: (wire not in titled, -len(values[wire]), len(wire), wire))
        homes = dict[str, str]()
        for wire in ranked:
            alike = (home for home in homes.values() if last_word(home) == last_word(wire))
            # A list of its own is never only a part of another one.
            fits = (home for home in alike if _fits(values[wire], values[home], whole=wire in titled))
            homes[wire] = next(fits, wire)
        return {wire: homes[wire] for wire in values}

    def enums(self) -> dict[str, object]:
        """Return the enums, each with all values that any parameter of its kind takes."""
        values, homes = self.values(), self._homes()
        alike = {home: {wire for wire, other in homes.items() if other == home} for home in homes.values()}
        return {enum_name(wire): self._enum(values[wire], self._ends(alike[wire])) for wire in values if wire in alike}

    def _ends(self, wires: Container[str]) -> dict[str, str]:
        """Return the values that are deprecated, by any page that lists them for these parameters."""
        found = dict[str, str]()
        for key, fact in self._facts.of(KIND):
            kind, _, name = key[2].partition(" ")
            path, _, value = name.rpartition("=")
            if kind == "value" and (path.rpartition(".")[2] in wires or key[0].startswith("enum ")):
                found.setdefault(value, fact.value)
        return found

    def _enum(self, values: list[str], ended: Mapping[str, str]) -> dict[str, object]:
        whole = _is_whole(values)
        names = Counter[str]()
        members = CommentedSeq()
        for value in values:
            name = enum_member_name(value)
            names[name] += 1
            name = f"{name}_{names[name]}" if names[name] > 1 else name
            end: dict[str, object] = {"deprecated": deprecation_text(ended[value])} if value in ended else {}
            shown = int(value) if whole else value
            members.append(flow({"name": name, "value": shown, "doc": proposed_text(value)} | end))
            if words := self._words_of(value):
                members.yaml_add_eol_comment(f"page: {words}", len(members) - 1, column=0)
        base: dict[str, object] = {"base": "integer"} if whole else {}
        return {"doc": f"{TODO}say what these values are for; {ONCE}."} | base | {"members": members}

    def _words_of(self, value: str) -> str:
        """Return what a page says of a value, apart from the value."""
        if not self._words:
            for key, fact in self._facts.of("value"):
                known = key[2].rpartition("=")[2]
                # An entry with several values says nothing of each of them.
                if fact.text.strip("`*' ") not in ("", known) and fact.text.count("`") <= 2:
                    self._words.setdefault(known, comment_of(fact.text))
        return self._words.get(value, "")


def _united(calls: list[dict[str, None]]) -> list[str]:
    """Return the values that calls list of one parameter; none where two calls have nothing in common.

    Then the name means several things, such as the status of an order and that of a symbol.
    """
    groups = list[dict[str, None]]()
    for values in calls:
        apart = [group for group in groups if not group.keys() & values.keys()]
        alike = [group for group in groups if group.keys() & values.keys()]
        groups = [*apart, {value: None for group in (*alike, values) for value in group}]
    return list(groups[0]) if len(groups) == 1 else []


def _fits(values: list[str], others: list[str], *, whole: bool) -> bool:
    return set(values) == set(others) if whole else set(values) <= set(others)


def _typed(values: list[str], of: list[str]) -> list[object]:
    return [int(value) if _is_whole(of) else value for value in values]


def _is_whole(values: list[str]) -> bool:
    """Whether all values are numbers; longer digits are ids, or times."""
    return all(re.fullmatch(r"-?\d{1,9}", value) for value in values)


def enum_name(wire: str) -> str:
    """Name an enum after the parameter that takes its values."""
    name = pascal(snake(wire)) or "Value"
    return f"{name}Kind" if name in CLASSES else name
