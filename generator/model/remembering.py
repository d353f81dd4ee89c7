"""Which calls can make and remember things in the mock exchange: those of which everything that they need is said."""

from __future__ import annotations

from collections.abc import Iterable

from generator.model import vocabulary
from generator.model.api import Api
from generator.model.deeds import Deed
from generator.model.meaning import Words
from generator.model.operations import Operation
from generator.model.per_api import per_api
from generator.model.replies import replies
from generator.model.types import TIMES, Field, Param, Struct

VERBS = frozenset({"place", "amend", "cancel", "close", "get", "list"})
SENT = frozenset(
    {
        *("id", "client_id", "symbol", "side", "kind", "price", "quantity", "value", "position.side", "leverage"),
        *("stop price", "take_profit price", "trailing", "trailing price", "position.id", "after", "within"),
        *("order.id", "order.client_id"),
    }
)
"""What the mock exchange understands when it is sent, beside what is yes or no."""

TRIGGERS = frozenset({"stop price", "take_profit price", "trailing"})
"""An order with one of these waits until the market reaches it."""
RANGE = 2
"""How many times a list is asked for with: from and to."""


class OrderMemory:
    """Finds the calls of one API with which orders can be made, remembered, found, changed and canceled."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._meanings = api.meanings
        self._enums = {enum.name: enum for enum in api.enums}
        self._structs = {struct.name: struct for struct in api.structs}
        self.replies = replies(api)
        """Where answers hold things."""
        made = [o for o in api.operations if self._own_deed(o, "place") and self._is_known(o)]
        self._shelves = frozenset(operation.shelf.name for operation in made)

    def deed(self, operation: Operation) -> Deed | None:
        """Return what a call does with orders that are remembered; None where its example is played back."""
        # Orders that can't be made can't be found either; an empty list in place of an example is no help.
        kept = operation.shelf.name in self._shelves and self._is_known(operation)
        return self._own_deed(operation) if kept else None

    def items(self, operation: Operation) -> tuple[Param, ...]:
        """Return the parameters with which a batch is given its orders, or their ids; none where it is about one."""
        lists = [param for param in operation.params if param.type.kind == "list"]
        return tuple(p for p in lists if self.item(p) is not None or p.phrase in ("id", "client_id"))

    def item(self, param: Param) -> Struct | None:
        """Return the struct in which a batch is given one order; None where it is only an id."""
        held = self._meanings.held(param.type, "order")
        return held[0].struct if held else None

    def _is_known(self, operation: Operation) -> bool:
        """Whether all that a call must be sent is understood, and its answer can be written."""
        deed = self._own_deed(operation)
        if deed is None or not all(self._is_understood(param, operation) for param in operation.params):
            return False
        if deed.verb == "place" and not self._is_sized(self._phrases(operation)):
            return False
        # Receipts have nothing to write: they say that it was done, and no more.
        silent = deed.verb in ("cancel", "amend") and not self._meanings.held(operation.returns, "order")
        # Two places for one order each, as after a replacement, must be distinguishable.
        places = [holder for holder in self.replies.holders(operation, "order") if holder.form in ("one", "list")]
        is_alone = len(places) <= 1 or operation.full_name in self._api.mock.halves
        return silent or (is_alone and self.replies.can_write(operation, "order"))

    def _phrases(self, operation: Operation) -> set[str]:
        items = (self.item(param) for param in self.items(operation))
        every = (param for params in (operation.params, *(s.params for s in items if s)) for param in params)
        return {phrase for param in every for phrase in phrases_of(param)}

    @staticmethod
    def _is_sized(phrases: set[str]) -> bool:
        # An order against a position has its side from there.
        return bool(phrases & {"side", "position.id"} and phrases & {"quantity", "value"})

    def makers(self, operation: Operation) -> list[Operation]:
        """Return the calls that place what an operation is about."""
        return [o for o in self._api.operations if o.shelf == operation.shelf and self._own_deed(o, "place")]

    def becomes(self, operation: Operation) -> str | None:
        """Return the shelf of the order that a conditional order becomes; None where it stays the same order."""
        shelves = {o.shelf.name: self._is_conditional(o) for o in self._api.operations if self._own_deed(o, "place")}
        usual = [shelf for shelf, conditional in shelves.items() if not conditional and shelf in self._shelves]
        return usual[0] if usual and shelves.get(operation.shelf.name) else None

    def _is_conditional(self, operation: Operation) -> bool:
        return bool(self._phrases(operation) & TRIGGERS)

    def _own_deed(self, operation: Operation, verb: str = "") -> Deed | None:
        """Return what an operation does with orders; None for what is something else."""
        deeds = operation.deeds
        if operation.full_name in self._api.mock.halves:
            # What is placed counts: the order that is canceled for it is found like any other.
            deeds = tuple(deed for deed in deeds if deed.verb == "place")
        if len(deeds) != 1 or operation.shelf.by:
            return None
        deed = deeds[0]
        wanted = deed.about == "order" and deed.verb in VERBS and verb in ("", deed.verb)
        # A list of some orders, such as liquidations, says nothing of which.
        return deed if wanted and not (deed.verb == "list" and operation.of == "some") else None

    def _is_understood(self, param: Param, operation: Operation) -> bool:
        struct = self.item(param) if param.type.kind == "list" else None
        if struct is not None:
            return all(self._can_send(member, operation) for member in struct.params)
        return self._can_send(param, operation)

    def _can_send(self, param: Param, operation: Operation) -> bool:
        """Whether the engine may know what a required parameter says."""
        halves = self._api.mock.halves.get(operation.full_name)
        if not param.required or param.common or is_paging(param, operation):
            return True
        if halves is not None and param.wire == halves.goes_on[0]:
            return True
        if not phrases_of(param) or not phrases_of(param) <= SENT:
            return (param.means is not None and not param.means.phrases) or () in self.says(param).values()
        allowed = [value_text(value) for value in param.values]
        said = [words for value, words in self.says(param).items() if value in allowed or not allowed]
        return param.phrase != "kind" or any(vocabulary.FEATURES.issuperset(words) for words in said)

    def says(self, of: Param | Field) -> dict[str, Words]:
        """Return the values whose meaning is known, and what each says."""
        enum = self._enums.get(of.type.name)
        values: Iterable[object] = [member.value for member in enum.members] if enum else ()
        if of.means and of.means.reads:
            values = of.means.reads
        elif of.type.kind == "boolean":
            values = ("true", "false") if of.phrase in vocabulary.SWITCHES else ()
        said = {value_text(value): self._meanings.says(of, value) for value in values}
        return {value: words for value, words in said.items() if words is not None}


@per_api
def order_memory(api: Api) -> OrderMemory:
    """Return what finds the calls of an API with which orders can be made, remembered, found, changed and canceled."""
    return OrderMemory(api)


def phrases_of(param: Param) -> frozenset[str]:
    """Return what a parameter may mean, in one case or another."""
    return frozenset(phrase.text for phrase in param.means.phrases) if param.means else frozenset()


def is_paging(param: Param, operation: Operation) -> bool:
    """Whether a parameter only chooses a page, or proves who asks."""
    paging = operation.paging
    named = (paging.start, paging.end, paging.limit) if paging else ()
    return param.common or param.wire in named or param.wire in span_of(operation)


def span_of(operation: Operation) -> tuple[str, ...]:
    """Return the parameters between which a list is asked for: whatever they are called, there are two times.

    One time alone is where a list begins; of other calls it says something else, as when an order ends.
    """
    times = tuple(param.wire for param in operation.params if param.type.kind in TIMES and not param.common)
    is_list = any(deed.verb == "list" for deed in operation.deeds)
    return times if len(times) == RANGE or (is_list and len(times) == 1) else ()


def value_text(value: object) -> str:
    """Return a value as it is written in a request."""
    return str(value).lower() if isinstance(value, bool) else str(value)
