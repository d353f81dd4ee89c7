"""Which calls can make and remember orders in the mock exchange: those of which everything that they need is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.model import vocabulary
from generator.model.api import Api
from generator.model.meaning import Held, Words
from generator.model.operations import Deed, Operation
from generator.model.types import Field, Json, Param

VERBS = frozenset({"place", "cancel", "get", "list"})
SENT = frozenset(
    {"id", "client_id", "symbol", "side", "kind", "price", "quantity", "value", "position.side", "leverage"}
)
"""What the mock exchange understands when it is sent, beside what is yes or no."""

FEATURES = frozenset({"market", "ioc", "fok", "post_only"})
"""What orders can be; for stops and closing orders it would need triggers and positions."""

TIMES = ("timestamp_ms", "timestamp_s")
RANGE = 2
"""How many times a list is asked for with: from and to."""


class OrderMemory:
    """Finds the calls of one API with which orders can be made, remembered, found and canceled."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._meanings = api.meanings
        self._enums = {enum.name: enum for enum in api.enums}
        self._templates = dict(self._examples())
        made = [o for o in api.operations if self._own_deed(o, "place") and self._is_known(o)]
        self._shelves = frozenset(operation.shelf.name for operation in made)

    def deed(self, operation: Operation) -> Deed | None:
        """Return what a call does with orders that are remembered; None where its example is played back."""
        # Orders that can't be made can't be found either; an empty list in place of an example helps nobody.
        kept = operation.shelf.name in self._shelves and self._is_known(operation)
        return self._own_deed(operation) if kept else None

    def _is_known(self, operation: Operation) -> bool:
        """Whether all that a call must be sent is understood, and its answer can be written."""
        deed = self._own_deed(operation)
        if deed is None or not all(self._can_send(param, operation) for param in operation.params):
            return False
        phrases = {param.phrase for param in operation.params}
        if deed.verb == "place" and not ("side" in phrases and phrases & {"quantity", "value"}):
            return False
        silent = deed.verb == "cancel" and not self._meanings.held(operation.returns, "order")
        return silent or self.held(operation) is not None

    def held(self, operation: Operation) -> Held | None:
        """Return where the answer has its order or orders, if there is one such place and an example of it."""
        found = self._meanings.held(operation.returns, "order")
        if len(found) != 1 or found[0].struct.array or any(field.type.item for field in found[0].fields[:-1]):
            return None
        named = any(place.phrase.text == "id" for place in self._meanings.places(found[0].struct, "order"))
        return found[0] if named and self.example(operation, found[0]) is not None else None

    def example(self, operation: Operation, held: Held) -> Json:
        """Return one order of the operation's example, or of another one with such orders."""
        own = self._templates.get((operation.full_name, held.struct.name))
        return own or self._templates.get(held.struct.name)

    def makers(self, operation: Operation) -> list[Operation]:
        """Return the calls that place what an operation is about."""
        return [o for o in self._api.operations if o.shelf == operation.shelf and self._own_deed(o, "place")]

    def _own_deed(self, operation: Operation, verb: str = "") -> Deed | None:
        """Return what an operation does with one order or all; None for batches and for what is something else."""
        if len(operation.deeds) != 1 or operation.shelf.by or self._meanings.is_batch(operation):
            return None
        deed = operation.deeds[0]
        wanted = deed.thing == "order" and deed.verb in VERBS and verb in ("", deed.verb)
        # A list of some orders, such as liquidations, says nothing of which.
        return deed if wanted and not (deed.verb == "list" and operation.of == "some") else None

    def _can_send(self, param: Param, operation: Operation) -> bool:
        """Whether the engine may know what a required parameter says."""
        if not param.required or param.common or self.is_paging(param, operation):
            return True
        if param.phrase not in SENT:
            return (param.means is not None and not param.means.phrases) or () in self.says(param).values()
        allowed = [value_text(value) for value in param.values]
        said = [words for value, words in self.says(param).items() if value in allowed or not allowed]
        return param.phrase != "kind" or any(FEATURES.issuperset(words) for words in said)

    @staticmethod
    def is_paging(param: Param, operation: Operation) -> bool:
        """Whether a parameter only says which page is wanted, or proves who asks."""
        paging = operation.paging
        named = (paging.start, paging.end, paging.limit) if paging else ()
        return param.common or param.wire in named or param.wire in span_of(operation)

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

    def payload(self, operation: Operation) -> tuple[str, ...]:
        """Return the way to what an answer returns, from the top of the body."""
        data = self._api.envelope.data if operation.payload == "data" else None
        return tuple(key for key in (data, operation.unwrap) if key is not None)

    def _examples(self) -> Iterator[tuple[str | tuple[str, str], Json]]:
        """Yield one order of each example, by its operation and struct, and by its struct alone."""
        for operation in self._api.operations:
            for held in self._meanings.held(operation.returns, "order"):
                value = _value(operation.response, (*self.payload(operation), *held.wires))
                one = value[0] if isinstance(value, list) and value else value
                if isinstance(one, dict) and one:
                    yield (operation.full_name, held.struct.name), one
                    yield held.struct.name, one


def span_of(operation: Operation) -> tuple[str, ...]:
    """Return the parameters between which a list is asked for: whatever they are called, there are two times."""
    times = tuple(param.wire for param in operation.params if param.type.kind in TIMES and not param.common)
    return times if len(times) == RANGE else ()


def _value(document: Json, path: tuple[str, ...]) -> Json:
    for step in path:
        if not isinstance(document, dict):
            return None
        document = document.get(step)
    return document


def value_text(value: object) -> str:
    """Return a value as it is written in a request."""
    return str(value).lower() if isinstance(value, bool) else str(value)
