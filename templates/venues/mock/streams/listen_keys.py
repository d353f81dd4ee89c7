# Edited in templates/venues/mock/streams/listen_keys.py; the copy in generated/ is imported.
"""Listen keys: the answers of REST calls create, extend and end them, and addresses of connections name them."""

from __future__ import annotations

from venues.mock.declared.connections import Connection, ListenKey
from venues.mock.exact import Json, parse


class ListenKeys:
    """The listen keys of one mock exchange, and when each expires."""

    def __init__(self, connections: tuple[Connection, ...]) -> None:
        self._specs = [c.listen_key for c in connections if c.listen_key is not None]
        self.calls: frozenset[str] = frozenset(
            call for spec in self._specs for call in (spec.create, spec.keep, spec.delete) if call is not None
        )
        """The operations that make, extend or end keys."""
        self._until: dict[str, int] = {}
        self.known: set[str] = set()
        """Every key that was ever created."""
        self.made: int = 0
        """How many keys were created."""
        self.kept: int = 0
        """How often keys were extended."""

    def is_valid(self, key: str, now: int) -> bool:
        """Whether a key exists and has not expired."""
        return now < self._until.get(key, 0)

    def note_answer(self, operation: str, body: bytes, now: int) -> list[str]:
        """Read the answer of a REST call; return the keys that it ended."""
        for spec in self._specs:
            if operation == spec.create:
                self._create(spec, body, now)
            elif operation == spec.keep:
                self.kept += 1
                # Of every key: calls name none, for an account has only one.
                self._until = dict.fromkeys(self._until, now + spec.life_ms)
            elif operation == spec.delete:
                ended, self._until = list(self._until), {}
                return ended
        return []

    def _create(self, spec: ListenKey, body: bytes, now: int) -> None:
        try:
            key = _find_member(parse(body), spec.wire)
        except ValueError:
            return  # a test's own answer, or a fault
        if key is not None:
            self.made += 1
            self.known.add(key)
            self._until[key] = now + spec.life_ms

    def end_due(self, now: int) -> list[str]:
        """End the keys that were not extended in time, and return them."""
        ended = [key for key, until in self._until.items() if until <= now]
        for key in ended:
            del self._until[key]
        return ended

    def expire(self) -> list[str]:
        """End all keys, and return them."""
        ended, self._until = list(self._until), {}
        return ended


def _find_member(value: Json, name: str) -> str | None:
    """Return a member of an answer, at whatever depth: with or without the envelope."""
    if not isinstance(value, dict):
        return None
    if isinstance(value.get(name), str):
        return str(value[name])
    return next((found for member in value.values() if (found := _find_member(member, name)) is not None), None)
