# Edited in templates/venues/core/outcome/likeness.py; the copy in generated/ is imported.
"""Looks for what a lost call made where it bears no id of the caller's: by what it says, which proves less than an id.

It does no I/O: a client reads the lists, and brings what they hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from venues.core.outcome.alike import AlikeCalls, call_of
from venues.core.outcome.comparing import BEFORE_SENT, OLDER, SENT, agree, as_text, says_something
from venues.core.outcome.lookup import things
from venues.core.request.likeness import Likeness
from venues.core.request.operation import Operation
from venues.errors import DecodeError, ExecutionUnknown, VenueError
from venues.outcome import Outcome

MOST = 2000
"""How many items of one list are read: a list without a start time may be as long as the account is old."""
DECEIVES = (
    "it was found by likeness: what another program made with the same key, of the same size at the same time, would "
    "look the same"
)


class LikenessSearch:
    """What is known of one lost call."""

    def __init__(self, operation: Operation[Any], error: ExecutionUnknown | DecodeError, calls: AlikeCalls) -> None:
        self._operation = operation
        self._given = error.arguments
        self._sent_at = error.sent_at
        self._client_id = error.client_id
        self._calls = calls
        self._evidence: list[str] = []
        self._matches: dict[str, tuple[Any, bool]] = {}
        """Id → what is like the lost thing, and whether it says everything that decides."""
        self._unread = 0

    def questions(self) -> Iterator[LikenessQuestion]:
        """Yield the lists to be read, one after the other: only all of them together say that nothing else is like it."""
        self._matches, self._unread = {}, 0
        for likeness in self._operation.likeness:
            yield LikenessQuestion(likeness, self)

    @property
    def is_open(self) -> bool:
        """Whether a second look may show more: something on its way, or a list that could not be read."""
        return not self._matches or self._unread > 0

    def arguments_of(self, likeness: Likeness) -> dict[str, object]:
        """Return the arguments of a list, by wire name."""
        # Earlier than sent: the exchange's clock may be behind the time that was signed.
        known = {**self._given, SENT: self._sent_at - BEFORE_SENT}
        return {wire: known.get(source) for wire, source in likeness.params}

    def note_list(self, likeness: Likeness, data: object) -> None:
        """Note what of a list is like the lost thing."""
        items = list(things(data, likeness.id))
        for item, written in items:
            is_sure = self._is_like(likeness, item)
            if is_sure is not None:
                # Open things become closed ones, and may so be read twice: the later state is the one to return.
                self._matches[written or f"no id, {len(self._matches)}"] = (item, is_sure)
        if len(items) > MOST:
            self.note_unread(f"{likeness.operation} holds more than {MOST} items; the rest was not read")

    def note_unread(self, sentence: str) -> None:
        """Note that a list is not known in full."""
        self._unread += 1
        self.note(sentence)

    def note(self, sentence: str) -> None:
        """Note a piece of evidence, once."""
        if sentence not in self._evidence:
            self._evidence.append(sentence)

    def _is_like(self, likeness: Likeness, item: Any) -> bool | None:  # Any: a model, whichever
        """Return whether an item is surely like the lost thing; None if it differs, False if it does not say enough."""
        times = [time for name in likeness.made if isinstance(time := getattr(item, name, None), int)]
        if times and min(times) < self._sent_at - OLDER:
            return None
        verdicts = [self._agrees(likeness, item, wire, member) for wire, member in likeness.agrees]
        verdicts += [_is_one_of(getattr(item, member, None), values) for member, values in likeness.only]
        return None if False in verdicts else bool(times) and None not in verdicts

    def _agrees(self, likeness: Likeness, item: Any, wire: str, member: str) -> bool | None:
        """Whether an item says what was sent; None if it says nothing, and the list was not asked for it, either."""
        sent, returned = self._given.get(wire), getattr(item, member, None)
        if not says_something(sent):
            return True
        if not says_something(returned):
            return True if wire in dict(likeness.params).values() else None
        return agree(sent, returned)

    def outcome(self) -> Outcome[Any]:
        """Return what is known now."""
        found = [item for item, _ in self._matches.values()]
        doubt = self._doubt()
        if doubt is None:
            self.note(f"{self._places} returned one that is like it, and no other; {DECEIVES}")
            return Outcome(True, found[0], self._client_id, tuple(self._evidence))
        self.note(doubt)
        return Outcome(None, None, self._client_id, tuple(self._evidence))

    def _doubt(self) -> str | None:
        """Return why nothing can be concluded, or None."""
        ids = ", ".join(map(repr, self._matches))
        if not self._matches:
            return (
                f"{self._places} returned nothing that is like it, which is no proof where things bear no id of yours"
            )
        if len(self._matches) > 1:
            return f"several are like it ({ids}), and nothing shows which one it is"
        if self._unread:
            return f"one is like it ({ids}), but another one may be where nothing could be read"
        if not all(is_sure for _, is_sure in self._matches.values()):
            return f"one may be it ({ids}), but does not say enough to be compared"
        other = self._doubt_by_calls()
        return f"one is like it ({ids}), but {other}" if other else None

    def _doubt_by_calls(self) -> str | None:
        """Return why what was found may be another call's of this client."""
        lost = call_of(self._operation, self._given, self._sent_at)
        # Further back than things are: one that was sent before may have been carried out late.
        calls = self._calls.like(lost, self._sent_at - BEFORE_SENT)
        if calls is None or not any(call.sent_at == self._sent_at for call in calls):
            return "this client does not remember the call, so it may have been another one like it"
        # An executed one counts, too: its thing is in the list, whether that of the lost call is or not.
        return "this client made another call like it, so it may be that one's" if len(calls) > 1 else None

    @property
    def _places(self) -> str:
        return " and ".join(likeness.operation for likeness in self._operation.likeness)


class LikenessQuestion:
    """One list that may show what a lost call made."""

    most = MOST
    """How many items are read at least, if there are as many."""

    def __init__(self, likeness: Likeness, search: LikenessSearch) -> None:
        self.operation: str = likeness.operation
        self.arguments: Mapping[str, object] = search.arguments_of(likeness)
        self._likeness = likeness
        self._search = search

    def note_answer(self, data: object) -> None:
        """Note what the list holds."""
        self._search.note_list(self._likeness, data)

    def note_failure(self, failure: VenueError) -> None:
        """Note that the list could not be read to its end."""
        self._search.note_unread(f"{self.operation} could not answer: {failure}")


def _is_one_of(value: object, values: tuple[str, ...]) -> bool | None:
    return as_text(value) in values if says_something(value) else None
