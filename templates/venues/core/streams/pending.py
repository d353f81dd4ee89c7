# Edited in templates/venues/core/streams/pending.py; the copy in generated/ is imported.
"""Requests of ours that await an answer of the exchange."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from venues.core.channels.topics import key_of

Action = Literal["subscribe", "unsubscribe", "list"]
LONGEST = 18
"""Digits of the longest number that may be one of ours; `int` refuses to read texts of thousands of digits."""
ANSWERS: Mapping[str, Action] = {"subscribed": "subscribe", "unsubscribed": "unsubscribe", "listed": "list"}


@dataclass
class PendingRequest:
    """A frame that was sent, and what it is about."""

    number: int
    action: Action
    keys: set[str]
    """Topics that were not answered yet."""
    answered: asyncio.Future[None]
    refused: dict[str, Exception] = field(default_factory=dict)
    """Topic → why it was refused."""
    topics: list[Any] = field(default_factory=list)
    """The answer to `list`."""
    then: Callable[[], None] | None = None
    """Called when everything was accepted, before the next frame is read: that one may belong to what was accepted."""


class PendingRequests:
    """All requests of one connection that await an answer, the oldest first."""

    def __init__(self) -> None:
        self._requests: dict[int, PendingRequest] = {}
        self._number = 0
        self._on_next: Callable[[], None] | None = None

    def __bool__(self) -> bool:
        return bool(self._requests)

    @contextmanager
    def calling_on_next(self, call: Callable[[], None]) -> Generator[None]:
        """Call something as soon as another request awaits an answer."""
        self._on_next = call
        try:
            yield
        finally:
            self._on_next = None

    def next_number(self) -> int:
        """Return a number that no frame had yet."""
        self._number += 1
        return self._number

    def add(self, action: Action, keys: Iterable[str], then: Callable[[], None] | None = None) -> PendingRequest:
        """Register a request before it is sent."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        request = PendingRequest(self.next_number(), action, set(keys), future, then=then)
        self._requests[request.number] = request
        if self._on_next is not None:
            self._on_next()
        return request

    def remove(self, request: PendingRequest) -> None:
        """Await no answer any more."""
        self._requests.pop(request.number, None)

    def accept(self, answer: str, values: Mapping[str, Any]) -> None:
        """Resolve the request that a positive answer belongs to: by its number, or else by its topics."""
        request = self._by_number(values)
        if request is not None:
            topics = values.get("topics")
            request.topics = topics if isinstance(topics, list) else []
            self._finish(request)
            return
        # Without a number, answers name their topics, one frame for several requests or the reverse.
        for key in _keys(values):
            self.settle(self._action(ANSWERS[answer], key), key)

    def _action(self, action: Action, key: str) -> Action:
        """Return what an answer is about: some exchanges acknowledge both kinds of request by the same words."""
        awaited: list[Action] = [request.action for request in self._requests.values() if key in request.keys]
        return action if action in awaited or not awaited else awaited[0]

    def settle(self, action: Action, key: str) -> None:
        """Resolve one topic of the oldest request that awaits it."""
        for request in list(self._requests.values()):
            if request.action == action and key in request.keys:
                request.keys.discard(key)
                if not request.keys:
                    self._finish(request)
                return

    def has_number(self, values: Mapping[str, Any]) -> bool:
        """Whether an answer has the number of a request that awaits one."""
        return self._by_number(values) is not None

    def refuse(self, values: Mapping[str, Any], error: Exception) -> bool:
        """Fail the request that a negative answer belongs to; return whether there was one.

        An answer that names neither number nor topic belongs to the oldest request: exchanges answer in order.
        """
        request = self._by_number(values)
        if request is not None:
            self._refuse_keys(request, set(request.keys) or {""}, error)
            return True
        named = _keys(values)
        for request in list(self._requests.values()):
            keys = request.keys & named if named else set(request.keys)
            if keys:
                self._refuse_keys(request, keys, error)
                return True
        return False

    def _refuse_keys(self, request: PendingRequest, keys: set[str], error: Exception) -> None:
        request.refused |= dict.fromkeys(keys, error)
        request.keys -= keys
        if not request.keys:
            self._finish(request)

    def _by_number(self, values: Mapping[str, Any]) -> PendingRequest | None:
        number = str(values.get("id"))
        return self._requests.get(int(number)) if number.isdecimal() and len(number) <= LONGEST else None

    def _finish(self, request: PendingRequest) -> None:
        self.remove(request)
        # Before the waiting task wakes up, which is later: the next frame may be a push that depends on it.
        if request.then is not None and not request.refused:
            request.then()
        if not request.answered.done():
            request.answered.set_result(None)

    def fail_all(self, error: Exception) -> None:
        """Fail every request: the connection is lost, so no answer will come."""
        for request in self._requests.values():
            if not request.answered.done():
                request.answered.set_exception(error)
                request.answered.exception()  # retrieved, so that asyncio does not log it as never retrieved
        self._requests.clear()


def _keys(values: Mapping[str, Any]) -> set[str]:
    topics = values.get("topics")
    found = list(topics) if isinstance(topics, list) else []
    if values.get("topic") is not None:
        found.append(values["topic"])
    return {key_of(topic) for topic in found}
