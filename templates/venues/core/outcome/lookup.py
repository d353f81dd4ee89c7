# Edited in templates/venues/core/outcome/lookup.py; the copy in generated/ is imported.
"""Learns the outcome of a call that was left unknown; loaded when a client is asked to reconcile.

It does no I/O: a client asks the questions, and brings the answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from venues.core.outcome.comparing import BEFORE_SENT, OLDER, SENT, agree, as_text
from venues.core.request.lookups import Lookup
from venues.core.request.operation import Operation
from venues.errors import ApiError, DecodeError, ExecutionUnknown, VenueError
from venues.outcome import Outcome


class Search:
    """What is known of one lost call: of each of its orders, if it was a batch."""

    def __init__(self, operation: Operation[Any], error: ExecutionUnknown | DecodeError) -> None:
        self._operation = operation
        self._lost = [Lost(operation, error, item) for item in _items(operation, error.arguments)]
        self._is_batch = operation.batch is not None

    def questions(self) -> Iterator[Question]:
        """Yield the lookups that may still help, one after the other; stop asking for what was found."""
        for lost in self._lost:
            if lost.can_be_asked:
                lost.begin()
                for lookup in self._operation.lookups:
                    if lost.found is None:
                        yield Question(lookup, lost)

    @property
    def is_open(self) -> bool:
        """Whether something that could be looked up has not been found."""
        return any(lost.can_be_asked and lost.found is None for lost in self._lost)

    def outcome(self, now: int) -> Outcome[Any]:
        """Return what is known at `now`, in milliseconds of the exchange's time."""
        outcomes = tuple(lost.outcome(now) for lost in self._lost)
        if not self._is_batch:
            return outcomes[0]
        executed = {outcome.executed for outcome in outcomes}
        evidence = tuple(sentence for outcome in outcomes for sentence in outcome.evidence)
        # Of a batch, one order may have been made and another not: then it has no outcome of its own.
        return Outcome(executed.pop() if len(executed) == 1 else None, evidence=evidence, orders=outcomes)


class Question:
    """One lookup for one lost order."""

    def __init__(self, lookup: Lookup, lost: Lost) -> None:
        self.operation: str = lookup.operation
        self.arguments: dict[str, object] = lost.arguments_of(lookup)
        self._lookup = lookup
        self._lost = lost

    def note_answer(self, data: object) -> None:
        """Note what the lookup returned."""
        self._lost.judge(self._lookup, data)

    def note_failure(self, failure: VenueError) -> None:
        """Note how the lookup failed: one of its own codes may mean that there is no such thing."""
        code = failure.code if isinstance(failure, ApiError) else None
        if code in self._lookup.absent:
            self._lost.note_absence(f"{self.operation} says that there is no such thing ({code})")
        else:
            self._lost.note(f"{self.operation} could not answer: {failure}")


class Lost:
    """One order (or loan, …) that may have been made."""

    def __init__(
        self, operation: Operation[Any], error: ExecutionUnknown | DecodeError, item: Mapping[str, object] | None
    ) -> None:
        self._operation = operation
        self._given = error.arguments
        self._item = item
        self._sent_at = error.sent_at
        self._client_id = _client_id(operation, error, item)
        self._absences = 0
        self._evidence: list[str] = []
        self.found: Any = None

    @property
    def can_be_asked(self) -> bool:
        """Whether there is an id to look for, and a call that looks."""
        return bool(self._client_id and self._operation.lookups)

    def begin(self) -> None:
        """Begin another round: absences count only if all lookups say so in one round."""
        self._absences = 0

    def arguments_of(self, lookup: Lookup) -> dict[str, object]:
        """Return the arguments of a lookup, by wire name."""
        # Earlier than sent: the exchange's clock may be behind the time that was signed.
        known = {**self._given, SENT: self._sent_at - BEFORE_SENT}
        if self._operation.client_id:
            known[self._operation.client_id] = self._client_id
        return {wire: self._value(source, known) for wire, source in lookup.params}

    def _value(self, source: str, known: Mapping[str, object]) -> object:
        """Return what the lost call said: a parameter, or `list.member` of a batch."""
        wire, dot, member = source.partition(".")
        if dot and self._operation.batch and wire == self._operation.batch[0]:
            return (self._item or {}).get(member)
        return known.get(source)

    def judge(self, lookup: Lookup, data: object) -> None:
        """Look for the lost thing in an answer; what bears its id must agree, and be no older than the call."""
        candidates = list(things(data, lookup.client_id))
        same = [thing for thing, written in candidates if self._is_ours(written)]
        if not same:
            self._note_stranger(lookup, candidates, data)
            return
        for thing in same:
            doubt = self._doubt(lookup, thing)
            if doubt is None:
                self.found = thing
                self.note(f"{lookup.operation} returned it")
                return
            self.note(f"{lookup.operation} returned something with this id, but {doubt}: it may be another one")

    def _note_stranger(self, lookup: Lookup, candidates: Sequence[tuple[Any, str]], data: object) -> None:
        """Note an answer without our id: it proves absence only if nothing in it could be ours."""
        looked_for = str(self._client_id).casefold()
        alike = [written for _, written in candidates if not written or looked_for in written.casefold()]
        # An empty list says that there is nothing; an object without members, or null, says nothing at all.
        if alike or (data != [] and not candidates):
            self.note(f"{lookup.operation} returned nothing whose id can be compared")
        else:
            self.note_absence(f"{lookup.operation} does not list it")

    def _is_ours(self, written: str) -> bool:
        """Whether an id in an answer is ours, as the exchange writes ids."""
        asked = f"{self._operation.prefix}{self._client_id}"
        as_written = {"exact": asked, "lower": asked.lower(), "upper": asked.upper()}
        return written == as_written[self._operation.ids]

    def _doubt(self, lookup: Lookup, thing: Any) -> str | None:  # Any: a model, whichever
        """Return why a thing with our id may not be ours, or None."""
        made = getattr(thing, lookup.made, None) if lookup.made else None
        if isinstance(made, int) and made < self._sent_at - OLDER:
            return "it is older than the call"
        for source, member in lookup.agrees:
            sent, returned = self._value(source, self._given), getattr(thing, member, None)
            if sent not in (None, "") and returned not in (None, "") and not agree(sent, returned):
                return f"its {member} is {as_text(returned)}, and {as_text(sent)} was sent"
        return None

    def note(self, sentence: str) -> None:
        """Note a piece of evidence, once."""
        if sentence not in self._evidence:
            self._evidence.append(sentence)

    def note_absence(self, sentence: str) -> None:
        """Note that one place does not have it."""
        self._absences += 1
        self.note(sentence)

    def outcome(self, now: int) -> Outcome[Any]:
        """Return what is known at `now`."""
        if self.found is not None:
            return Outcome(True, self.found, self._client_id, tuple(self._evidence))
        executed = False if self._is_proved_absent(now) else None
        return Outcome(executed, None, self._client_id, tuple(self._evidence))

    def _is_proved_absent(self, now: int) -> bool:
        """Whether all places say that there is nothing, late enough, and the documentation calls that final."""
        operation = self._operation
        if not self.can_be_asked:
            self.note("it can't be looked up: the call has no client id, or no call finds things by it")
            return False
        if self._absences < len(operation.lookups):
            return False
        if not operation.conclusive:
            self.note("no documentation says that what is not found was not made")
            return False
        if now < self._sent_at + operation.visible_ms:
            self.note("it is too early to conclude anything: it may still appear")
            return False
        if operation.findable_ms is not None and now > self._sent_at + operation.findable_ms:
            self.note("it is too late to conclude anything: what ended long ago is no longer found")
            return False
        return True


def _items(operation: Operation[Any], arguments: Mapping[str, object]) -> list[Mapping[str, object] | None]:
    """Return the items of a batch, or one None for a single call."""
    if operation.batch is None:
        return [None]
    given = arguments.get(operation.batch[0])
    return [item for item in given if isinstance(item, Mapping)] if isinstance(given, (list, tuple)) else []


def _client_id(
    operation: Operation[Any], error: ExecutionUnknown | DecodeError, item: Mapping[str, object] | None
) -> str | None:
    written = item.get(operation.batch[1]) if operation.batch and item is not None else error.client_id
    return str(written) if written not in (None, "") else None


def things(data: object, member: str | None) -> Iterator[tuple[Any, str]]:
    """Yield (thing, the id that it bears) for everything in an answer that may bear a caller's id.

    Where the spec does not say which member holds the id (`member` is None), any text of the innermost object counts.
    """
    if isinstance(data, msgspec.Struct):
        inner = [found for value in msgspec.structs.asdict(data).values() for found in things(value, member)]
        yield from inner
        if member is None:
            texts = [value for value in msgspec.structs.asdict(data).values() if isinstance(value, str)]
            yield from ((data, text) for text in texts)
        elif hasattr(data, member):
            yield data, str(getattr(data, member) or "")
    elif isinstance(data, Mapping):
        yield from (found for value in data.values() for found in things(value, member))
        yield from ((data, value) for value in data.values() if member is None and isinstance(value, str))
    elif isinstance(data, list):
        yield from (found for value in data for found in things(value, member))
