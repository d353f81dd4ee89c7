# Edited in templates/venues/mock/streams/entry.py; the copy in generated/ is imported.
"""Addresses of the streams: which connection an address leads to, and what is in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import unquote

from venues.mock.declared.connections import Connection
from venues.mock.declared.streams import Streams
from venues.mock.exact import Json
from venues.mock.streams.frames import is_topic_of
from venues.mock.streams.listen_keys import ListenKeys


@dataclass(frozen=True)
class Entry:
    """What an address leads to."""

    kinds: list[Connection]
    """The rules that may apply; a login decides."""
    key: str | None = None
    """The listen key in it."""
    topics: tuple[Json, ...] = ()
    """The topics in it: the client is subscribed to them at once."""
    combined: bool = True
    """Whether pushes name their topic, until the client wants it otherwise."""
    times: frozenset[str] = frozenset()
    """The members of pushes that are times, where the client wants them in microseconds."""


class Entries:
    """Reads the addresses of clients that connect."""

    def __init__(self, rules: Streams, keys: ListenKeys, credentials: Mapping[str, str]) -> None:
        self._rules = rules
        self._keys = keys
        self._credentials = credentials

    def entry(self, address: str, now: int) -> Entry | None:
        """Return what an address, path and query as sent, leads to; None if it is refused.

        Public and private connections may share an address; which one it is shows the login.
        """
        rest, times = self._without_unit(address)
        entry = self._entry(rest, now)
        return entry if entry is None else replace(entry, times=times)

    def _without_unit(self, address: str) -> tuple[str, frozenset[str]]:
        """Return an address without the unit of times, and the members that are to be in microseconds."""
        unit = self._rules.time_unit
        if unit is None:
            return address, frozenset()
        # The exchange takes either case, and wherever in the query it stands.
        said = re.compile(rf"(?<=[?&]){unit.query}=({unit.ms}|{unit.us})(&|\Z)", re.IGNORECASE)
        found = said.search(address)
        rest = said.sub("", address).rstrip("?&") if found else address
        return rest, frozenset(unit.times if found and found[1].lower() == unit.us.lower() else ())

    def _entry(self, address: str, now: int) -> Entry | None:
        matching: list[tuple[Connection, dict[str, str]]] = []
        for kind in self._rules.connections:
            for template in filter(None, (kind.path or "/", kind.token)):
                found = _address(self._rules.path + ("" if template == "/" else template)).fullmatch(address)
                if found:
                    matching.append((kind, found.groupdict()))
        # An address that names a key or a token belongs to its kind alone, even if others fit, too.
        named = [(kind, values) for kind, values in matching if values] or matching
        for kind, values in named:
            key = values.get("listen_key")
            if key is not None and not self._keys.is_valid(key, now):
                continue
            if all(unquote(v) == self._credentials.get(n) for n, v in values.items() if n != "listen_key"):
                return Entry([kind] if values else [k for k, v in matching if not v], key)
        return self._further_entry(address)

    def _further_entry(self, address: str) -> Entry | None:
        """Return what an address leads to that no connection has as its own; its topics must exist."""
        for rule in self._rules.addresses:
            found = _address(self._rules.path + rule.path).fullmatch(address)
            topics = unquote(found.groupdict().get("topics", "")).split(rule.separator) if found else []
            known = [channel.topic for channel in self._rules.channels if channel.connection == rule.connection]
            topics = [topic for topic in topics if topic]
            if found and all(any(is_topic_of(template, topic) for template in known) for topic in topics):
                kinds = [kind for kind in self._rules.connections if kind.name == rule.connection]
                return Entry(kinds, topics=tuple(topics), combined=rule.combined)
        return None


def _address(template: str) -> re.Pattern[str]:
    # Placeholders are in snake case, so braces of other kinds stay what they are.
    parts = re.split(r"\{([a-z_]+)\}", template)
    # Topics may have slashes between them; keys and tokens have none.
    signs = {"topics": "[^?&]+"}
    words = [
        re.escape(part) if index % 2 == 0 else f"(?P<{part}>{signs.get(part, '[^/?&]+')})"
        for index, part in enumerate(parts)
    ]
    return re.compile("".join(words))
