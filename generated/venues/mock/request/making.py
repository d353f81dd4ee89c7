# Edited in templates/venues/mock/request/making.py; the copy in generated/ is imported.
"""Makes the values of a signing rule for one request: from what its sender says, and from the request itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from venues.mock.declared.signing import CLOCKED, PARTS, Scheme, Value
from venues.mock.exact import Json, compact
from venues.mock.request.digests import Verify, encode
from venues.mock.request.pairs import Pairs
from venues.mock.request.printing import joined, printed


class UnprovedError(Exception):
    """What was sent is not what the rule makes."""

    def __init__(self, part: str, detail: str) -> None:
        self.part = part
        """The part that is wrong, as the rule calls it."""
        super().__init__(detail)


class Facts:
    """What is known of one request, before its proof is looked at."""

    def __init__(self, method: str, built_in: Mapping[str, str], pairs: Pairs, sent: Callable[[str], str]) -> None:
        self.method = method
        self.built_in = built_in
        """Path, host, query and body, without what is added last."""
        self.pairs = pairs
        """All parameters, without what is added last; members of a JSON body as text."""
        self.sent = sent
        """Returns a parameter or a constant as it was sent."""


class Making:
    """What is known of one request, and what the rule makes of that."""

    def __init__(self, scheme: Scheme, credentials: Mapping[str, str], facts: Facts, verify: Verify) -> None:
        self._scheme = scheme
        self._credentials = credentials
        self._facts = facts
        self._verify = verify
        self._values = scheme.every_value
        self.said: dict[str, str] = {}
        """Part → what the sender says that it is."""
        self._absent: list[str] = []
        self.revealed: dict[str, Json] | None = None
        """The parameters, where the rule writes them into a JSON object of its own."""

    def reveal(self, params: dict[str, Json]) -> None:
        """Note the parameters, as the rule writes them."""
        self.revealed = params

    def text(self, word: str) -> str:
        """Return what a part is, as text."""
        return self._raw(word).decode("utf-8", "replace")

    def _raw(self, word: str) -> bytes:
        if word in self._values:
            return self._made(self._values[word])
        if word[:1] == "'":
            return word[1:-1].encode()
        if word in CLOCKED:
            return self.said.get(word, "").encode()
        if word == "params":
            return self._printed_params().encode()
        if word in self._facts.built_in and word in PARTS:
            return self._facts.built_in[word].encode()
        found = self._credentials.get(word)
        return (self._facts.sent(word) if found is None else found).encode()

    def _made(self, value: Value) -> bytes:
        """Return a value: as it was sent if it is visible, or only the client can make it; otherwise made again."""
        if value.name in self.said and (value.signed or not value.hash):
            return self.said[value.name].encode()
        if self._is_empty(value):
            return b""
        text = self._payload(value)
        raw = hashlib.new(value.hash, text, usedforsecurity=False).digest() if value.hash else text
        return encode(raw, value.encoding).encode() if value.encoding else raw

    def _payload(self, value: Value) -> bytes:
        if value.kind == "json":
            return compact(
                {m.name: m.constant if m.part is None else self.text(m.part) for m in value.members}
            ).encode()
        return b"".join(map(self._raw, value.parts(self._facts.method)))

    def is_left_out(self, word: str) -> bool:
        """Whether the rule says that a part is empty in this request."""
        value = self._values.get(word)
        return value is not None and self._is_empty(value)

    def _is_empty(self, value: Value) -> bool:
        return bool(value.methods and self._facts.method not in value.methods) or (
            value.when is not None and not self._raw(value.when)
        )

    def _printed_params(self) -> str:
        """Return all parameters, printed as the rule says."""
        pairs = self._facts.pairs
        if self.revealed is not None:
            pairs = [(name, printed(value, self._scheme)) for name, value in self.revealed.items()]
        added = [(name, self.text(word)) for name, word in self._scheme.params.added.items()]
        return joined([*pairs, *added], self._scheme)
