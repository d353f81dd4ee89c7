"""Builds what one signing rule says, for requests and for stream logins: its parts, its values, and where they go."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, cast

from msgspec.structs import replace

from generator.ground.problems import suggest
from generator.model.signing import NonceForm, TimeForm
from generator.model.signing_parts import OTHER, SIGNATURE, WHOLE_NUMBERS, Member, Part, Placement, Value, in_order
from generator.source import reading as read
from generator.source.load import Map
from generator.source.reading import Notes

LOGIN_PARTS = ("timestamp", "expires", "nonce")
"""Parts that the text of a stream login can have, besides credentials, values and literals."""
PARTS = (
    *LOGIN_PARTS, "method", "path", "host", "query", "?query", "raw_query", "?raw_query", "body", "params",
)  # fmt: skip
"""Parts that the text to sign of a request can have."""
SPREAD = "..."
"""The name in a JSON object of what stands for all parameters."""


class RuleBuilder:
    """Reads one signing rule."""

    def __init__(
        self,
        at: Map,
        where: str,
        credentials: tuple[str, ...],
        notes: Notes,
        *,
        parts: tuple[str, ...] = PARTS,
        sent: Collection[str] = (),
        constants: Collection[str] = (),
    ) -> None:
        self._at = at
        self._where = where
        self._credentials = credentials
        self._notes = notes
        self._parts = parts
        self._sent = sent
        self._constants = constants
        self._values = read.mapping(at, "values")
        self.time = cast(TimeForm, at.get("timestamp", "ms"))
        self.nonce = cast("NonceForm | None", at.get("nonce"))
        self.expires_ms = read.maybe_span(at, "expires")
        self.body = read.exact(at, "body") or "given"

    def part(self, text: str, at: Map, key: str, where: str) -> Part:
        """Return what a word of the rule stands for, and note a word that stands for nothing."""
        if len(text) > 2 and text[0] == text[-1] == "'":  # an empty literal adds nothing to the text: a mistake
            return Part("literal", text[1:-1])
        # Where a value is the body, `body` is that value.
        if text == "body" and self.body in self._values:
            return Part("value", self.body)
        if text in self._parts:
            return Part("built_in", text)
        if text in self._credentials:
            return Part("credential", text)
        if text in self._values or (text == SIGNATURE and "text" in self._at):
            return Part("value", text)
        if text in self._sent or text in self._constants:
            return Part("param" if text in self._sent else "constant", text)
        known = [*self._parts, *self._credentials, *self._values, *self._sent, *self._constants]
        near = suggest(text, known) or "; literals need single quotes, such as '|'"
        self._notes.add(at, key, f"{self._where}.{where}", f"no part `{text}`{near}")
        return Part("literal", "")

    def secret(self) -> tuple[str | None, str | None]:
        """Return the credential to sign with, and how the key is read from it."""
        given = read.mapping(self._at, "secret")
        name = read.exact(given, "credential") or read.exact(self._at, "secret")
        if name is not None and name not in self._credentials:
            what = f"`{name}` is not one of its credentials{suggest(name, self._credentials)}"
            self._notes.add(self._at, "secret", f"{self._where}.secret", what)
        return name, read.exact(given, "as")

    def values(self) -> tuple[Value, ...]:
        """Return every value, each after those it is made of; the signature is one of them."""
        made = [self._value(name, at) for name, at in read.entries(self._at, "values")]
        if "text" in self._at:
            texts = self._texts(self._at, "text", "text")
            made.append(Value(SIGNATURE, texts, is_signed=True, encoding=read.exact(self._at, "encoding")))
        ordered, circle = in_order(made)
        for name in circle:
            self._note_circle(name, {value.name: value for value in made})
        # Empty values stand in for those in circles, so that what uses them is checked, too.
        ordered += [
            Value(value.name, is_signed=value.is_signed, hash=value.hash, encoding=value.encoding)
            for value in made
            if value.name in circle
        ]
        late: set[str] = set()
        for value in ordered:
            if value.name == SIGNATURE or _is_late(value, late):
                late.add(value.name)
        return tuple(replace(value, is_late=value.name in late) for value in ordered)

    def _note_circle(self, name: str, values: dict[str, Value]) -> None:
        """Note a value that is made of itself; what is only made of such a value is no mistake."""
        inside, left = set[str](), [name]
        while left:
            parts = values[left.pop()].parts() if left[-1] in values else iter(())
            found = {part.name for part in parts if part.kind == "value"} - inside
            inside |= found
            left += found
        if name in inside:
            place, key = (self._values, name) if name in self._values else (self._at, "text")
            self._notes.add(place, key, f"{self._where}.{name}", "is made of itself, in a circle")

    def placements(self, values: tuple[Value, ...]) -> tuple[tuple[Placement, ...], Placement | None]:
        """Return what is placed, and where the signature goes."""
        by_name = {value.name: value for value in values}
        made = [self._placement(item, by_name) for item in read.maps(self._at, "place")]
        if "signature" in self._at:
            own = read.mapping(self._at, "signature")
            place = place_of(own)
            made.append(Placement(place, str(own[place]), SIGNATURE, part=Part("value", SIGNATURE), is_late=True))
        last = next((each for each in made if each.part == Part("value", SIGNATURE)), None)
        return tuple(each for each in made if each is not last), last

    def _placement(self, at: Map, values: dict[str, Value]) -> Placement:
        place = place_of(at)
        part = self.part(str(at["value"]), at, "value", "place")
        value = values.get(part.name) if part.kind == "value" else None
        return Placement(
            place=place,
            name=str(at[place]),
            value=str(at["value"]),
            prefix=read.exact(at, "prefix") or "",
            part=part,
            is_number=self._is_number(part, at) and "prefix" not in at,
            is_first=at.get("at") == "first",
            is_late=part.is_written_last or (value is not None and value.is_late),
            may_be_empty=value is not None and value.may_be_empty,
        )

    def _is_number(self, part: Part, at: Map) -> bool:
        """Whether a part is a number in JSON: times and counted nonces are, unless the spec says otherwise."""
        forms = {"timestamp": self.time, "expires": self.time, "nonce": self.nonce}
        usual = part.kind == "built_in" and forms.get(part.name) in WHOLE_NUMBERS
        return at["written"] == "number" if "written" in at else usual

    def _value(self, name: str, at: Map) -> Value:
        where = f"values.{name}"
        kind = next(kind for kind in ("of", "json", "jwt") if kind in at)
        condition = at.get("when")
        return Value(
            name=name,
            texts=self._texts(at, "of", where) if kind == "of" else {},
            members=self._members(at, kind, where) if kind != "of" else (),
            token_header=self._members(at, "jwt_header", where),
            kind=cast("Literal['of', 'json', 'jwt']", kind),
            hash=read.exact(at, "hash"),
            is_signed=kind == "jwt" or read.flag(at, "sign"),
            encoding=read.exact(at, "encoding"),
            condition=self.part(condition, at, "when", where) if isinstance(condition, str) else None,
            methods=read.texts(condition, "method") if isinstance(condition, Map) else (),
        )

    def _texts(self, at: Map, key: str, where: str) -> dict[str, tuple[Part, ...]]:
        given = at[key]
        if not isinstance(given, Map):
            return {OTHER: tuple(self.part(text, at, key, where) for text in read.texts(at, key))}
        return {
            method: tuple(self.part(text, given, method, where) for text in read.texts(given, method))
            for method in given
        }

    def _members(self, at: Map, key: str, where: str) -> tuple[Member, ...]:
        given = read.mapping(at, key)
        return tuple(self._member(name, given, f"{where}.{key}") for name in given)

    def _member(self, name: str, at: Map, where: str) -> Member:
        given = at[name]
        if not isinstance(given, (str, Map)):
            return Member(name, None, read.json(given))
        text = str(given["value"]) if isinstance(given, Map) else given
        if text == "params" or name == SPREAD:
            if text != "params":
                self._notes.add(
                    at, name, f"{self._where}.{where}", "`...` stands for all parameters: write `...: params`"
                )
            return Member(name, None, is_object=name != SPREAD, is_spread=name == SPREAD)
        part = self.part(text, at, name, where)
        is_number = self._is_number(part, given if isinstance(given, Map) else read.EMPTY)
        return Member(name, part, is_number=is_number, may_be_empty=self._may_be_empty(part))

    def _may_be_empty(self, part: Part) -> bool:
        return part.kind == "value" and "when" in read.mapping(self._values, part.name)


def place_of(at: Map) -> Literal["header", "query", "param"]:
    """Return the kind of place that a placement names."""
    return cast("Literal['header']", next(place for place in ("header", "query", "param") if place in at))


def _is_late(value: Value, late: set[str]) -> bool:
    parts = [part for part in value.parts() if part.is_written_last or (part.kind == "value" and part.name in late)]
    return bool(parts) or any(member.is_object or member.is_spread for member in value.members)
