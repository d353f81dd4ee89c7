# Edited in templates/venues/mock/books/slots.py; the copy in generated/ is imported.
"""The members of things in answers: how each is read from what is known of a thing, and written in its form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from venues.mock.books.facts import Facts
from venues.mock.declared.holders import Member, Words
from venues.mock.exact import Json, text_of, value_at

Read = Callable[[Facts], Json]
Write = Callable[[Json, Facts], None]
AS_IT_IS = frozenset({bool, list, dict})
NOTHING = Decimal(0)


class Slot:
    """One member of a thing in an answer, and how it is read from what is known and written there; made once."""

    def __init__(self, member: Member, example: Json, *, signed: bool) -> None:
        self.member: Member = member
        self.example: Json = example
        self.phrase: str = member.phrase
        self.name: str | int = member.path[-1]
        self._way: list[str | int] = [*member.path[:-1]]
        self._is_text: bool = isinstance(example, str)
        # The books keep each coin in one spelling; some exchanges write it in lower case in one answer only.
        self._is_lower: bool = member.phrase == "coin" and isinstance(example, str) and example.islower()
        # Where a sign distinguishes long and short, the side says only whether positions stand side by side.
        said = "signed side" if member.phrase == "side" and signed else member.phrase
        read = _reader(member, example, said)
        self._read: Read = read or self._known
        is_direct = not (self._way or self._is_lower or member.optional)
        self.is_plain: bool = is_direct and read is None and self._is_text
        """Whether it is a text, written as it is known."""

        self.choice: Choice | None = read if isinstance(read, Choice) and is_direct and self._is_text else None
        """What is chosen from a few texts."""

        self.write: Write = self._writer()
        """Writes what a thing has; what nothing is known of stays as in the example."""

    def value(self, facts: Facts) -> Json:
        """Return what a thing has; None where nothing is known of it, or it has none."""
        return None if self.member.optional and self.phrase in facts.unsaid else self._read(facts)

    def _known(self, facts: Facts) -> Json:
        return facts.values.get(self.phrase)

    def put(self, document: Json, value: Json) -> None:
        """Write a value in the form that the example has."""
        if self._is_lower:
            value = str(value).lower()
        kind = type(value)
        if kind in AS_IT_IS or kind is (str if self._is_text else int):
            written = value
        else:
            written = f"{value:f}" if self._is_text and kind is Decimal else in_form(value, self.example)
        for step in self._way:
            document = document[step]
        document[self.name] = written

    def _writer(self) -> Write:
        phrase, name, read, put, optional = self.phrase, self.name, self._read, self.put, self.member.optional
        # The type of what needs no other form, and no way to its place.
        own = None if self._way or self._is_lower else str if self._is_text else int

        def write(document: Json, facts: Facts) -> None:
            value = read(facts)
            kind = type(value)
            if value is None or (optional and phrase in facts.unsaid):
                self._leave_out(document, facts)
            elif kind is own or (kind is bool and own is not None):
                document[name] = value
            elif kind is Decimal and own is str:
                document[name] = f"{value:f}"
            else:
                put(document, value)

        return write

    def _leave_out(self, document: Json, facts: Facts) -> None:
        """Write that a thing does not have a member, where that is known."""
        phrase = self.phrase
        if phrase not in facts.values and phrase not in facts.words and phrase not in facts.unsaid:
            return
        if not self.member.optional:
            self.put(document, NOTHING)
        elif self._way:
            del value_at(document, self._way)[self.name]
        else:
            del document[self.name]


def _reader(member: Member, example: Json, said: str) -> Read | None:
    """Return what reads a member from what is known of a thing; None where it is the value of its phrase, as most are."""
    if member.says:
        return Choice(member, said)
    if member.kind.startswith("timestamp"):
        unit, is_change = 1000 if member.kind == "timestamp_s" else 1, member.phrase == "changed"
        return lambda facts: (facts.changed_at if is_change else facts.at) // unit
    if member.phrase == "sent":
        return lambda facts: facts.sent.get(str(member.path[-1]))
    if member.level:
        old = example[0] if isinstance(example, list) and example else None
        return lambda facts: _levels(member, facts.levels.get(member.phrase, ()), old)
    if member.kind == "map" and member.phrase == "fee":
        return lambda facts: facts.values.get("fee by coin")
    return _signed_reader(member) if member.negative or member.signed else None


class Choice:
    """Reads the value that says what is so, and nothing that is not."""

    def __init__(self, member: Member, said: str) -> None:
        self.said: str = said
        self._choices = choices_of(member)
        self._is_boolean = member.kind == "boolean"
        self.known: dict[Words, Json] = {}
        """Words → the value that says them, or None; kept, for there are few, and each order is asked for a dozen."""

    def __call__(self, facts: Facts) -> Json:
        """Return the value for the first words that one says."""
        for words in facts.words.get(self.said, ()):
            if words not in self.known:
                self.known[words] = self._chosen(words)
            if self.known[words] is not None:
                return self.known[words]
        return None

    def _chosen(self, words: Words) -> Json:
        found = self._choices.get(frozenset(words))
        return found == "true" if self._is_boolean and found is not None else found


def _signed_reader(member: Member) -> Read:
    """Return what reads a number whose sign says more than the number."""

    def read(facts: Facts) -> Json:
        value = facts.values.get(member.phrase)
        is_negative = member.negative or (member.signed and facts.is_short)
        return -value if is_negative and value is not None else value

    return read


def _levels(member: Member, levels: Iterable[tuple[Decimal, Decimal]], example: Json) -> Json:
    """Return levels as the first of the example is written: as text or numbers, by name or in order."""
    price, quantity = member.level
    old = example.get(price) if isinstance(example, dict) else ""
    written = [(in_form(at, old), in_form(there, old)) for at, there in levels]
    if member.flat:
        return [number for level in written for number in level]
    return [[*level] for level in written] if isinstance(price, int) else [{price: p, quantity: q} for p, q in written]


def choices_of(member: Member) -> dict[frozenset[str], str]:
    """Return which value says which words; of several alike the first."""
    return {frozenset(words): value for value, words in reversed(member.says.items())}


def in_form(value: Json, example: Json) -> Json:
    """Return a value as text or number, as the example has it."""
    if isinstance(example, str):
        return text_of(value)
    if isinstance(value, str) and isinstance(example, (int, Decimal)) and not isinstance(example, bool):
        value = Decimal(value)
    return int(value) if isinstance(value, Decimal) and value == int(value) else value
