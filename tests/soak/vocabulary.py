"""The words of one API: its true answers, and what can be said instead."""

from __future__ import annotations

import json
import random
from typing import Any

from tests.soak.scene import STRANGER, Words
from tests.support.apis import Api
from venues.core.answer.envelope import ErrorCode
from venues.core.request.operation import Operation
from venues.errors import OrderNotFound, RateLimited
from venues.mock.answer.sent import Answer
from venues.mock.declared.operations import Operation as Declared
from venues.mock.exchange import Exchange
from venues.mock.request.received import Received

UNLISTED = "987654"


class Vocabulary:
    """Knows what an API calls a success, a refusal, and an open outcome."""

    def __init__(self, api: Api, operation: Operation[Any], exchange: Exchange) -> None:
        self._exchange, self._operation = exchange, operation
        self._lookups = {lookup.operation for lookup in operation.lookups}
        absent = {code for lookup in operation.lookups for code in lookup.absent}
        codes, _ = api.client.PROFILE.errors()
        known = {code: entry for code, entry in codes.items() if code not in absent and _is_plain(entry)}
        self._refused = sorted(code for code, entry in known.items() if not entry.unknown)
        self._open = sorted(code for code, entry in known.items() if entry.unknown)

    def is_order(self, received: Received) -> bool:
        """Whether a request is the order that is tried out."""
        found = self._declared(received)
        return found is not None and found.full_name == self._operation.full_name

    def is_lookup(self, received: Received) -> bool:
        """Whether a request looks for an order."""
        found = self._declared(received)
        return found is not None and found.full_name in self._lookups

    def names_id(self, received: Received) -> bool:
        """Whether a request names a client id, and its true answer does, too."""
        return bool(self._stranger(received, b"", "")) if self.is_order(received) else False

    def words(self, received: Received, answer: Answer, own: str, chance: random.Random) -> Words:
        """Return what can be said to a request."""
        return Words(
            answer.body,
            answer.status,
            self._stranger(received, answer.body, own) or self._order_of(STRANGER),
            self._hollow(received),
            self._code(chance.choice(self._refused)),
            self._code(chance.choice(self._open or [UNLISTED])),
            (chance.choice([200, 400]), self._code(UNLISTED)[1]),
        )

    def _declared(self, received: Received) -> Declared | None:
        found = self._exchange._api.find(received.method, received.path)
        return found[0] if found is not None else None

    def _stranger(self, received: Received, body: bytes, own: str) -> bytes:
        """Return an answer that names a stranger's id instead of the own one; empty if answers name none."""
        if not self.is_order(received):
            asks = own.encode() in received.query.encode() + received.body
            return body.replace(own.encode(), STRANGER.encode()) if own and asks and own.encode() in body else b""
        body = self._order_of(STRANGER)
        return body if STRANGER.encode() in body else b""

    def _order_of(self, client_id: str) -> bytes:
        declared = self._exchange._api.by_name[self._operation.full_name]
        return self._exchange._answers.example(declared, {str(self._operation.client_id): client_id}, 0).body

    def _hollow(self, received: Received) -> list[bytes]:
        """Return answers in the envelope of success whose payload is missing, null, or empty."""
        envelope = self._exchange._api.envelope
        declared = self._declared(received)
        if envelope.data is None or declared is None:
            return []
        usual = json.loads(declared.response)
        empty: list[Any] = [None, {}, "", [None], [{}]]
        without = {name: value for name, value in usual.items() if name != envelope.data}
        return [json.dumps(one).encode() for one in (without, *({**usual, envelope.data: value} for value in empty))]

    def _code(self, code: str) -> tuple[int, bytes]:
        answer = self._exchange._answers.code(code)
        return answer.status, answer.body


def _is_plain(entry: ErrorCode) -> bool:
    """Whether a code is an error that says neither to wait nor that there is no such order."""
    return entry.error is not None and not issubclass(entry.error, (OrderNotFound, RateLimited))
