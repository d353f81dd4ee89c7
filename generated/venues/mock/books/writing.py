# Edited in templates/venues/mock/books/writing.py; the copy in generated/ is imported.
"""Writes things in the exchange's words, into the places that the example of an answer has for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from venues.mock.books.facts import Facts
from venues.mock.books.slots import Slot, choices_of, in_form
from venues.mock.declared.holders import Holder, Words
from venues.mock.exact import Json, parse, text_of, value_at

UNKNOWN = frozenset({"sent", "hedged"})
"""What is in no fact."""


class Writer:
    """Writes things of one kind in one place; made once, for its example is read only then."""

    def __init__(self, holder: Holder) -> None:
        self.holder = holder
        self._example: Json = parse(holder.example) if holder.example else {}
        signed = any(member.signed for member in holder.members)
        slots = [Slot(member, value_at(self._example, member.path), signed=signed) for member in holder.members]
        steps = self._example.items() if isinstance(self._example, dict) else enumerate(self._example)
        self._nested = [step for step, value in steps if isinstance(value, (dict, list))]
        """What is in it deeper down; all else is copied at once, for an order has thirty texts and numbers."""
        shown = [slot for slot in slots if slot.example is not None or not holder.example]
        self._slots = [slot for slot in shown if not slot.member.beside]
        self._cases = [slot for slot in shown if slot.member.beside]
        self._plain = [(slot.phrase, slot.name, slot) for slot in self._slots if slot.is_plain]
        chosen = [(slot, slot.choice) for slot in self._slots if slot.choice is not None]
        self._choices = [(choice.said, slot.name, choice.known, slot) for slot, choice in chosen]
        self._others = [slot.write for slot in self._slots if not slot.is_plain and slot.choice is None]
        self._inner = [Writer(inner) for inner in holder.inner]
        # What is replaced as a whole need not be copied first.
        touched = {slot.member.path[0] for slot in slots}
        self._replaced = {i.path[0] for i in holder.inner if len(i.path) == 1 and i.path[0] not in touched}
        self._nested = [step for step in self._nested if step not in self._replaced]

    def write(self, facts: Facts) -> Json:
        """Return a thing as the answer has it; what nothing is known of stays as in the example."""
        if not self.holder.example:
            return self._new(facts)
        document = self._example.copy()
        for step in self._nested:
            document[step] = copied(document[step])
        self._write_texts(document, facts)
        for write in self._others:
            write(document, facts)
        market = facts.values.get("within")
        for wire, markets in self.holder.only.items() if market else ():
            if market not in markets:
                document.pop(wire, None)
        for fixed in self.holder.fixed:
            _set(document, (fixed.wire,), in_form(fixed.text, document.get(fixed.wire)))
        for writer in self._inner:
            if writer.holder.thing in facts.inner:
                _set(document, writer.holder.path, [writer.write(each) for each in facts.inner[writer.holder.thing]])
            elif writer.holder.path[0] in self._replaced:
                _set(document, writer.holder.path, copied(document[writer.holder.path[0]]))
        self.write_cases(document, facts)
        return document

    def _write_texts(self, document: Json, facts: Facts) -> None:
        """Write what needs no more than to be put in its place: of the thirty members of an order, most."""
        values, words = facts.values, facts.words
        for phrase, name, slot in self._plain:
            value = values.get(phrase)
            if type(value) is str:
                document[name] = value
            elif type(value) is Decimal:
                document[name] = f"{value:f}"
            else:
                slot.write(document, facts)
        for said, name, known, slot in self._choices:
            for each in words.get(said, ()):
                if known.get(each) is not None:
                    document[name] = known[each]
                    break
                if each not in known:
                    slot.write(document, facts)
                    break
            else:
                slot.write(document, facts)

    def write_cases(self, document: Json, facts: Facts) -> None:
        """Write the members whose meaning depends on others, as those stand."""
        for slot in self._cases:
            value = slot.value(facts)
            if value is not None and slot.member.is_meant(document):
                slot.put(document, value)

    def _new(self, facts: Facts) -> Json:
        """Write what no example shows: a refusal has but a code and words."""
        written = {}
        for slot in self._slots:
            value = slot.value(facts)
            if value is not None:
                text = text_of(value)
                is_number = slot.member.kind == "integer" and text.lstrip("-").isdecimal()
                written[slot.member.path[-1]] = int(text) if is_number else text
        return written

    @property
    def made_up(self) -> tuple[str, ...]:
        """The members that stay as in the example, or repeat a parameter of the same name."""
        known = {member.path[0] for member in self.holder.members if member.phrase not in UNKNOWN}
        known |= {fixed.wire for fixed in self.holder.fixed} | {inner.path[0] for inner in self.holder.inner}
        return (
            tuple(str(name) for name in self._example if name not in known) if isinstance(self._example, dict) else ()
        )


def copied(document: Json) -> Json:
    """Return a copy of JSON; faster than `copy.deepcopy`, which expects everything."""
    if isinstance(document, dict):
        return {key: copied(value) for key, value in document.items()}
    return [copied(value) for value in document] if isinstance(document, list) else document


def _set(document: Json, path: Sequence[str | int], value: Json) -> None:
    for step in path[:-1]:
        document = document[step]
    document[path[-1]] = value


def can_say(holder: Holder, words: Mapping[str, Iterable[Words]]) -> bool:
    """Whether a place has words for a thing: a ledger whose kinds do not include loans lists none."""
    return all(
        any(frozenset(each) in choices_of(member) for each in words[member.phrase])
        for member in holder.members
        if member.says and member.phrase == "kind" and member.phrase in words
    )
