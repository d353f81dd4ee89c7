# Edited in templates/venues/mock/declared/signing.py; the copy in generated/ is imported.
"""Signing rules as the mock exchange reads them: parts are words, as in a specification."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Literal

import msgspec

Parts = tuple[str, ...] | dict[str, tuple[str, ...]]
"""Parts of a text; or by method, where `other` stands for the methods that are not there."""
# The same words as in the spec language, so that a rule reads alike in both.
PARTS = (
    "timestamp", "expires", "nonce", "method", "path", "host", "query", "?query", "raw_query", "?raw_query", "body",
    "params",
)  # fmt: skip
"""Words that are neither credentials nor values nor parameters."""
CLOCKED = ("timestamp", "expires", "nonce")
"""What the sender makes up for each request, and sends along."""
SIGNATURE = "signature"
SPREAD = "..."


class Placement(msgspec.Struct, frozen=True):
    """Where a credential, the timestamp, the signature or another value is placed."""

    place: Literal["header", "query", "param"]
    name: str
    value: str
    prefix: str = ""
    late: bool = False
    """Whether it is added after the query and the body are written, and so is not part of what is signed."""
    may_be_empty: bool = False


class ParamPrinting(msgspec.Struct, frozen=True):
    """How all parameters are printed for signing."""

    sorted: bool = False
    percent: bool = False
    drop_empty: bool = False
    sort_inner: bool = False
    flat: bool = False
    """Whether lists and objects are printed member by member, without JSON's signs."""
    added: dict[str, str] = {}
    """What is printed as if it were a parameter."""
    pair: str = "="
    join: str = "&"


class Member(msgspec.Struct, frozen=True):
    """A member of a JSON object that a rule makes."""

    name: str
    part: str | None = None
    constant: Any = None
    number: bool = False
    params: bool = False
    """Whether it is the object of all parameters; of the name `...`, all parameters themselves."""
    may_be_empty: bool = False


class Value(msgspec.Struct, frozen=True):
    """A text that a rule makes."""

    name: str
    of: Parts = ()
    members: tuple[Member, ...] = ()
    token_header: tuple[Member, ...] = ()
    kind: Literal["of", "json", "jwt"] = "of"
    hash: str | None = None
    signed: bool = False
    encoding: str | None = None
    when: str | None = None
    methods: tuple[str, ...] = ()

    def parts(self, method: str) -> tuple[str, ...]:
        """Return the parts for a method."""
        return self.of.get(method, self.of.get("other", ())) if isinstance(self.of, dict) else self.of

    def words(self) -> set[str]:
        """Return every part that it may be made of."""
        texts = list(self.of.values()) if isinstance(self.of, dict) else [self.of]
        named = [member.part for member in (*self.members, *self.token_header) if member.part]
        return {*(word for text in texts for word in text), *named}


class Scheme(msgspec.Struct, frozen=True, dict=True):
    """One way to sign."""

    name: str
    credentials: tuple[str, ...]
    time: Literal["ms", "s", "us", "ns", "s.ms", "iso", "iso-s"] = "ms"
    expires_ms: int | None = None
    nonce: str | None = None
    place: tuple[Placement, ...] = ()
    params: ParamPrinting = ParamPrinting()
    values: tuple[Value, ...] = ()
    payload: Parts = ()
    algorithm: str | None = None
    secret: str = ""
    secret_form: str | None = None
    encoding: str = ""
    signature: Placement | None = None
    body: str = "given"
    """`given`, `sorted`, `none`, or the value that is the body."""

    @cached_property
    def placements(self) -> tuple[Placement, ...]:
        """Everything that is placed, the signature last."""
        return (*self.place, self.signature) if self.signature else self.place

    @cached_property
    def placed_credentials(self) -> tuple[Placement, ...]:
        """What is placed and neither computed nor a literal: credentials, or parameters of a call."""
        others = {*PARTS, *self.every_value}
        return tuple(each for each in self.place if each.value not in others and each.value[:1] != "'")

    @cached_property
    def key_placement(self) -> Placement | None:
        """What says who sent a request; None if the body does."""
        known = {*self.credentials, *self.every_value}
        return next((each for each in self.placements if each.value in known), None)

    @cached_property
    def every_value(self) -> dict[str, Value]:
        """Name → value; the signature is one of them, where there is a text to sign."""
        made = {value.name: value for value in self.values}
        if self.payload:
            made[SIGNATURE] = Value(SIGNATURE, self.payload, signed=True, encoding=self.encoding)
        return made

    @property
    def body_value(self) -> str | None:
        """The value that is the body."""
        return None if self.body in ("given", "sorted", "none") else self.body

    @cached_property
    def words(self) -> frozenset[str]:
        """Every part that its values are made of, or depend on."""
        made = self.every_value.values()
        conditions = {value.when for value in made if value.when}
        return frozenset(conditions.union(self.params.added.values(), *(value.words() for value in made)))

    @cached_property
    def uses_params(self) -> bool:
        """Whether all parameters are signed, printed as the rule says."""
        return any("params" in value.words() or value.when == "params" for value in self.every_value.values())

    @cached_property
    def places(self) -> frozenset[tuple[str, str]]:
        """Where its values are placed; other schemes may place theirs there, too."""
        return frozenset((placement.place, placement.name) for placement in self.place)

    @cached_property
    def late_names(self) -> frozenset[str]:
        """The parameters that are added last: they are not part of what is signed."""
        late = {placement.name for placement in self.place if placement.late and placement.place != "header"}
        own = self.signature
        return frozenset(late | ({own.name} if own and own.place != "header" else set()))
