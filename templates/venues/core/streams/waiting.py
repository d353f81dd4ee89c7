"""Frames of ours that wait for an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from venues.core.channels.topics import key_of

Action = Literal["subscribe", "unsubscribe", "list"]
LONGEST = 18
"""Digits of the longest number that may be one of ours."""
ANSWERS: Mapping[str, Action] = {"subscribed": "subscribe", "unsubscribed": "unsubscribe", "listed": "list"}


@dataclass
class Waiter:
    """A frame, and what it is about."""

    number: int
    action: Action
    keys: set[str]
    """The topics that were not answered for yet."""
    answered: asyncio.Future[None]
    refused: dict[str, Exception] = field(default_factory=dict)
    """Topic → why it was refused."""
    topics: list[Any] = field(default_factory=list)
    """What a list of topics answered."""
    then: Callable[[], None] | None = None
    """Called when everything was accepted, before the next frame is read."""


class Waiting:
    """All frames of one connection that wait, the oldest first."""

    def __init__(self) -> None:
        self._waiters: dict[int, Waiter] = {}
        self._number = 0
        self._nudge: Callable[[], None] | None = None

    @property
    def busy(self) -> bool:
        """Whether anybody waits."""
        return bool(self._waiters)

    @contextmanager
    def nudging(self, nudge: Callable[[], None]) -> Iterator[None]:
        """Call something as soon as anybody begins to wait."""
        self._nudge = nudge
        try:
            yield
        finally:
            self._nudge = None

    def next_number(self) -> int:
        """Return a number that no frame had yet."""
        self._number += 1
        return self._number

    def open(self, action: Action, keys: Iterable[str], then: Callable[[], None] | None = None) -> Waiter:
        """Begin to wait."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiter = Waiter(self.next_number(), action, set(keys), future, then=then)
        self._waiters[waiter.number] = waiter
        if self._nudge is not None:
            self._nudge()
        return waiter

    def close(self, waiter: Waiter) -> None:
        """Wait no longer."""
        self._waiters.pop(waiter.number, None)

    def accept(self, answer: str, values: Mapping[str, Any]) -> None:
        """An answer came that says yes."""
        waiter = self._by_number(values)
        if waiter is not None:
            topics = values.get("topics")
            waiter.topics = topics if isinstance(topics, list) else []
            self._finish(waiter)
            return
        for key in _keys(values):
            self.settle(ANSWERS[answer], key)

    def settle(self, action: Action, key: str) -> None:
        """A topic was answered for."""
        for waiter in list(self._waiters.values()):
            if waiter.action == action and key in waiter.keys:
                waiter.keys.discard(key)
                if not waiter.keys:
                    self._finish(waiter)
                return

    def refuse(self, values: Mapping[str, Any], error: Exception) -> bool:
        """An answer came that says no; return whether it was about something that waits."""
        waiter = self._by_number(values)
        if waiter is not None:
            self._refuse(waiter, set(waiter.keys) or {""}, error)
            return True
        named = _keys(values)
        for waiter in list(self._waiters.values()):
            keys = waiter.keys & named if named else set(waiter.keys)
            if keys:
                self._refuse(waiter, keys, error)
                return True
        return False

    def _refuse(self, waiter: Waiter, keys: set[str], error: Exception) -> None:
        waiter.refused |= dict.fromkeys(keys, error)
        waiter.keys -= keys
        if not waiter.keys:
            self._finish(waiter)

    def _by_number(self, values: Mapping[str, Any]) -> Waiter | None:
        number = str(values.get("id"))
        return self._waiters.get(int(number)) if number.isdecimal() and len(number) <= LONGEST else None

    def _finish(self, waiter: Waiter) -> None:
        self.close(waiter)
        if waiter.then is not None and not waiter.refused:
            waiter.then()
        if not waiter.answered.done():
            waiter.answered.set_result(None)

    def lost(self, error: Exception) -> None:
        """No answer will come any more."""
        for waiter in self._waiters.values():
            if not waiter.answered.done():
                waiter.answered.set_exception(error)
                waiter.answered.exception()  # looked at, so that asyncio does not complain about it
        self._waiters.clear()


def _keys(values: Mapping[str, Any]) -> set[str]:
    topics = values.get("topics")
    found = list(topics) if isinstance(topics, list) else []
    if values.get("topic") is not None:
        found.append(values["topic"])
    return {key_of(topic) for topic in found}
