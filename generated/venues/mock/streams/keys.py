"""Listen keys: which there are, made known by the answers of REST calls."""

from __future__ import annotations

from venues.mock.declared.streams import Connection, ListenKey
from venues.mock.exact import Json, parse


class Keys:
    """The listen keys of one mock exchange, and until when they are good."""

    def __init__(self, connections: tuple[Connection, ...]) -> None:
        self._specs = [c.listen_key for c in connections if c.listen_key is not None]
        self._until: dict[str, int] = {}
        self.known: set[str] = set()
        """Every key that there ever was."""
        self.made: int = 0
        """How often a key was asked for."""
        self.kept: int = 0
        """How often a key was kept alive."""

    def good(self, key: str, now: int) -> bool:
        """Whether a key is known and has not expired."""
        return now < self._until.get(key, 0)

    def saw(self, operation: str, body: bytes, now: int) -> list[str]:
        """Look at the answer of a REST call; return the keys that ended."""
        for spec in self._specs:
            if operation == spec.create:
                self._create(spec, body, now)
            elif operation == spec.keep:
                self.kept += 1
                self._until = dict.fromkeys(self._until, now + spec.life_ms)
            elif operation == spec.delete:
                ended, self._until = list(self._until), {}
                return ended
        return []

    def _create(self, spec: ListenKey, body: bytes, now: int) -> None:
        try:
            key = _found(parse(body), spec.field)
        except ValueError:
            return
        if key is not None:
            self.made += 1
            self.known.add(key)
            self._until[key] = now + spec.life_ms

    def expire(self) -> list[str]:
        """Let all keys end; return them."""
        ended, self._until = list(self._until), {}
        return ended


def _found(value: Json, name: str) -> str | None:
    """Find a member somewhere in an answer."""
    if not isinstance(value, dict):
        return None
    if isinstance(value.get(name), str):
        return str(value[name])
    return next((found for member in value.values() if (found := _found(member, name)) is not None), None)
