"""Lists on the page of a call the calls about the same things: what is placed here is found there."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.api import Api
from generator.model.channels import Channel
from generator.model.deeds import Deed, Forgets
from generator.model.operations import Operation
from generator.model.vocabulary import SETTINGS
from generator.reference.trees import HOME
from generator.words.amounts import span_words
from generator.words.markdown import code, enumeration, link

STATES = {"open": "open ones", "closed": "closed ones", "all": "open and closed ones", "some": ""}
PAIRS = {"order": "their position", "client_id": "client order id", "id": "order id"}
MOST = 12
"""Calls that one line links to; no page of an exchange needs more."""


class Related:
    """Knows which calls of an API are about the same things, on the same shelf."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._operations = api.operations

    def facts(self, operation: Operation) -> Iterator[tuple[str, str]]:
        """Yield what makes, finds and cancels the things that a call is about, by name."""
        if operation.shelf.name and any(deed.thing not in SETTINGS for deed in operation.deeds):
            yield "Scope", f"{code(operation.shelf.name)}: other scopes are neither found nor changed by this call"
        if operation.receipt:
            yield "Receipt", "success only means that the call was received; a query or a stream shows the result"
        if operation.pairs:
            yield "Results", f"matched with what was sent by {PAIRS[operation.pairs]}"
        # Nothing places instruments, so no calls are related through them.
        things = {deed.about for deed in operation.deeds if deed.thing != "instrument"}
        verbs = {deed.verb for deed in operation.deeds}
        if verbs & {"place", "close"}:
            yield from self._line("Found by", operation, things, ("get", "list"))
            yield from self._streams(operation, things)
            yield from self._line("Canceled by", operation, things, ("cancel",))
        elif verbs & {"get", "list", "cancel", "amend"}:
            yield from self._line("Placed by", operation, things, ("place", "close"))

    def _streams(self, operation: Operation, things: set[str]) -> Iterator[tuple[str, str]]:
        channels = self._api.streams.channels if self._api.streams else ()
        found = [
            link(code(f"streams.{channel.name}"), f"{HOME}streams/{channel.name}.md")
            for channel in channels
            if channel.shelf == operation.shelf and self._carries(channel, things)
        ]
        if found:
            yield "Pushed by", enumeration(found[:MOST])

    def _carries(self, channel: Channel, things: set[str]) -> bool:
        return any(self._api.meanings.held(typed, thing) for typed in channel.types for thing in sorted(things))

    def _line(
        self, name: str, operation: Operation, things: set[str], verbs: tuple[str, ...]
    ) -> Iterator[tuple[str, str]]:
        others = [
            other
            for other in self._operations
            if other is not operation
            # Calls of another shelf would be wrong links: they neither find nor cancel these things.
            and other.shelf == operation.shelf
            and any(deed.verb in verbs and _thing(deed) in things for deed in other.deeds)
        ]
        if others:
            yield name, enumeration([_link(other) for other in others[:MOST]])


def _thing(deed: Deed) -> str:
    # Closing a position places an order.
    return "order" if deed.verb == "close" else deed.thing


def _link(operation: Operation) -> str:
    target = link(code(operation.full_name), f"{HOME}{operation.group}/{operation.name}.md")
    more = ", ".join(filter(None, [STATES[operation.of], _forgetting(operation.forgets)]))
    return f"{target} ({more})" if more else target


def _forgetting(forgets: Forgets | None) -> str:
    if forgets is None:
        return ""
    if forgets.unfilled_ms is not None and forgets.unfilled_ms != forgets.else_ms:
        return f"unfilled ones until {span_words(forgets.unfilled_ms)} after their end"
    return f"until {span_words(forgets.else_ms)} after their end" if forgets.else_ms is not None else ""
