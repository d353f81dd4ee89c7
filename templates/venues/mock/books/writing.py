# Edited in templates/venues/mock/books/writing.py; the copy in generated/ is imported.
"""Writes things in the exchange's words, into the places that the example of an answer has for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from venues.mock.books.facts import Facts
from venues.mock.declared.things import Holder, Member, Says, Words
from venues.mock.exact import Json, parse, value_at
from venues.mock.request.received import text_of

UNKNOWN = frozenset({"sent", "hedged"})
"""What is in no fact."""

NOTHING = Decimal(0)


class Writer:
    """Writes things of one kind in one place; made once, for its example is read only then."""

    def __init__(self, holder: Holder) -> None:
        self.holder = holder
        self._example: Json = parse(holder.example) if holder.example else {}
        self._members = [(member, value_at(self._example, member.path)) for member in holder.members]
        self._is_signed = any(member.signed for member in holder.members)

    def write(self, facts: Facts) -> Json:
        """Return a thing as the answer has it; what nothing is known of stays as in the example."""
        document = copied(self._example)
        if not self.holder.example:
            return self._new(facts)
        for member, example in self._members:
            if example is None:
                continue
            value = self._value(member, facts)
            if value is None:
                if member.phrase in facts.known and member.optional:
                    del value_at(document, member.path[:-1])[member.path[-1]]
                elif member.phrase in facts.known:
                    _set(document, member.path, _in_form(NOTHING, example))
            else:
                if member.phrase == "coin" and isinstance(example, str) and example.islower():
                    value = str(value).lower()
                _set(document, member.path, value if isinstance(value, (bool, list)) else _in_form(value, example))
        for fixed in self.holder.fixed:
            _set(document, (fixed.wire,), _in_form(fixed.text, document.get(fixed.wire)))
        return document

    def _new(self, facts: Facts) -> Json:
        """Write what no example shows: a refusal has but a code and words."""
        written = {}
        for member in self.holder.members:
            value = self._value(member, facts)
            if value is not None:
                text = text_of(value)
                is_number = member.kind == "integer" and text.lstrip("-").isdecimal()
                written[member.path[-1]] = int(text) if is_number else text
        return written

    def _value(self, member: Member, facts: Facts) -> Json:
        """Return what a member of a thing has; None where nothing is known of it, or it has none."""
        if member.optional and member.phrase in facts.unsaid:
            return None
        if member.phrase == "sent":
            return facts.sent.get(str(member.path[-1]))
        if member.level:
            return _levels(member, facts.levels.get(member.phrase, ()), value_at(self._example, (*member.path, 0)))
        if member.kind.startswith("timestamp"):
            at = facts.changed_at if member.phrase == "changed" else facts.at
            return at // 1000 if member.kind == "timestamp_s" else at
        if member.says:
            return _choice(member, facts.words.get(self._said(member), ()))
        value = facts.values.get(member.phrase)
        is_negative = member.negative or (member.signed and facts.is_short)
        return -value if is_negative and value is not None else value

    def _said(self, member: Member) -> str:
        return "signed side" if member.phrase == "side" and self._is_signed else member.phrase

    @property
    def made_up(self) -> tuple[str, ...]:
        """The members that stay as in the example, or repeat a parameter of the same name."""
        known = {member.path[0] for member in self.holder.members if member.phrase not in UNKNOWN}
        known |= {fixed.wire for fixed in self.holder.fixed}
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


def _levels(member: Member, levels: Iterable[tuple[Decimal, Decimal]], example: Json) -> Json:
    """Return levels as the first of the example is written: as text or numbers, by name or in order."""
    price, quantity = member.level
    old = example.get(price) if isinstance(example, dict) else ""
    written = [(_in_form(at, old), _in_form(there, old)) for at, there in levels]
    if member.flat:
        return [number for level in written for number in level]
    return [[*level] for level in written] if isinstance(price, int) else [{price: p, quantity: q} for p, q in written]


def _choice(member: Member, wanted: Iterable[Words]) -> Json:
    """Return the value that says what is so, and nothing that is not."""
    found = next((value for words in wanted if (value := _first(member.says, words)) is not None), None)
    return found == "true" if found is not None and member.kind == "boolean" else found


def _first(says: Says, words: Words) -> str | None:
    return next((value for value, said in says.items() if set(said) == set(words)), None)


def _in_form(value: Json, example: Json) -> Json:
    """Return a value as text or number, as the example has it."""
    if isinstance(example, str):
        return text_of(value)
    if isinstance(value, str) and isinstance(example, (int, Decimal)) and not isinstance(example, bool):
        value = Decimal(value)
    return int(value) if isinstance(value, Decimal) and value == int(value) else value


def can_say(holder: Holder, words: Mapping[str, Iterable[Words]]) -> bool:
    """Whether a place has words for a thing: a ledger whose kinds do not include loans lists none."""
    return all(
        any(_first(member.says, each) is not None for each in words[member.phrase])
        for member in holder.members
        if member.says and member.phrase == "kind" and member.phrase in words
    )
