"""Writes requests as they are sent and signed, from the signing rule alone.

It shares no code with the runtime: a mistake in one of them then shows as a difference.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct as Record
from msgspec import field
from msgspec.structs import replace

from generator.ground.json_text import Bare, json_text
from generator.model.api import Api
from generator.model.fitting import wire_text
from generator.model.operations import Carrier, Constant, Operation
from generator.model.signing import Printing, Vector
from generator.model.signing_parts import Placement
from generator.model.types import Json, Param, Type
from generator.signing.texts import flat, pairs_text, percent, query_text, raw_pairs_text, without_marks


class Encoder:
    """Writes the values of an example as they are sent."""

    def __init__(self, api: Api) -> None:
        self._structs = {struct.name: struct for struct in api.structs}
        self._numbers = {enum.name for enum in api.enums if enum.base == "integer"}

    def value(self, param: Param, given: Json, *, in_json: bool) -> Json:
        """Return a parameter's value as it stands in a JSON body, or in a query or form."""
        written = self._typed(param.type, param.write, given)
        if isinstance(written, list) and param.write == "comma":
            return ",".join(map(query_text, written))
        if not isinstance(written, (dict, list)) or param.write == "repeat":
            return written
        return written if in_json and param.write == "json" else query_text(written)

    def _typed(self, typed: Type, write: str, given: Json) -> Json:
        inner = "json" if write == "json" else "text"
        if typed.kind == "list" and typed.item is not None and isinstance(given, list):
            return [self._typed(typed.item, inner, member) for member in given]
        if typed.kind == "map" and typed.item is not None and isinstance(given, dict):
            return {key: self._typed(typed.item, "json", member) for key, member in given.items()}
        if typed.kind == "struct" and isinstance(given, dict):
            members = {param.wire: param for param in self._structs[typed.name].params}
            return {
                wire: self.value(members[wire], member, in_json=True)
                for wire, member in given.items()
                if wire in members
            }
        if typed.kind in ("json", "string"):
            return given if typed.kind == "json" else wire_text(given)
        return self._scalar(typed, write, given)

    def _scalar(self, typed: Type, write: str, given: Json) -> Json:
        text = wire_text(given)
        if write in ("text", "comma", "repeat") or (typed.kind == "enum" and typed.name not in self._numbers):
            return text
        return text == "true" if typed.kind == "boolean" else Bare(text)


class Draft(Record):
    """A request before it is signed."""

    method: str
    path: str
    carrier: Carrier
    query: dict[str, Json] = field(default_factory=dict)
    body: dict[str, Json] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    empty_body: bool = False
    is_bare: bool = False
    """Whether the JSON body is the value of its only parameter, a bare list."""

    constants: dict[str, str] = field(default_factory=dict)
    """What every call of the operation sends or signs, as text."""

    led: int = 0
    """How many parameters stand before the operation's own."""

    @property
    def _own(self) -> dict[str, Json]:
        return self.query if self.carrier == "query" else self.body

    def place(self, placement: Placement, text: str) -> None:
        """Add a value where the rule wants it, before the query and the body are written."""
        if placement.place == "header":
            self.headers[placement.name] = placement.prefix + text
            return
        into = self.query if placement.place == "query" else self._own
        value: Json = Bare(text) if placement.is_number and placement.place == "param" else placement.prefix + text
        if placement.is_first:
            pairs = [*into.items()]
            into.clear()
            into.update([*pairs[: self.led], (placement.name, value), *pairs[self.led :]])
            self.led += 1
        else:
            into[placement.name] = value

    def query_text(self, *, in_order: bool = False) -> str:
        """Return the query as it is sent."""
        return pairs_text(sorted(self.query.items()) if in_order else self.query.items())

    def raw_query_text(self, *, in_order: bool = False) -> str:
        """Return the query, not percent-encoded."""
        return raw_pairs_text(sorted(self.query.items()) if in_order else self.query.items())

    def body_text(self, order: str = "given") -> str:
        """Return the body as it is sent; `order` is `given`, `sorted` or `none`."""
        if order == "none":
            return ""
        if order == "sorted":
            self.body = dict(sorted(self.body.items()))
        if self.carrier == "form":
            return pairs_text(self.body.items())
        if self.is_bare:
            return json_text(next(iter(self.body.values())))
        return json_text(self.body) if self.body or (self.empty_body and self.carrier == "json") else ""

    def add_last(self, placed: Placement, query: str, body: str, text: str) -> tuple[str, str]:
        """Add a value to a request that is written already; return query and body with it."""
        if placed.place == "header":
            self.headers[placed.name] = placed.prefix + text
            return query, body
        pair = f"{percent(placed.name)}={percent(placed.prefix + text)}"
        if placed.place == "query" or self.carrier == "query":
            return self._with_pair(query, pair, placed), body
        if self.carrier == "form":
            return query, self._with_pair(body, pair, placed)
        self.place(replace(placed, is_number=False), text)
        return query, self.body_text()

    def _with_pair(self, pairs: str, pair: str, placed: Placement) -> str:
        written = pairs.split("&") if pairs else []
        if placed.is_first and placed.place == "param":
            written.insert(self.led, pair)
            self.led += 1
        else:
            written.append(pair)
        return "&".join(written)

    def params(self) -> dict[str, Json]:
        """Return all parameters."""
        return {**self.query, **self.body}

    def sent(self, name: str) -> str:
        """Return a parameter as it is sent; empty if it is not."""
        found = next((place[name] for place in (self.headers, self.query, self.body) if name in place), "")
        return query_text(found)

    def params_text(self, how: Printing, added: Iterable[tuple[str, str]] = ()) -> str:
        """Return all parameters as the rule prints them."""
        body = [*self.body.items()]
        pairs: list[tuple[str, Json]] = [
            *flat(self.query.items()),
            *(flat(body) if self.carrier == "form" else body),
            *added,
        ]
        if how.is_sorted:
            pairs.sort(key=lambda pair: pair[0])
        write = _flat_text if how.is_flat else query_text
        texts = [(key, write(_inner(value, how))) for key, value in pairs]
        kept = [(key, text) for key, text in texts if text or not how.drops_empty]
        encode = percent if how.is_percent else str
        return how.join.join(f"{encode(key)}{how.pair}{encode(text)}" for key, text in kept)


def _flat_text(value: Json) -> str:
    if isinstance(value, dict):
        return "".join(name + _flat_text(value[name]) for name in sorted(value))
    return "".join(map(_flat_text, value)) if isinstance(value, list) else query_text(value)


def _inner(value: Json, how: Printing) -> Json:
    if isinstance(value, dict):
        keys = sorted(value) if how.sorts_inner else value
        return {key: _inner(value[key], how) for key in keys if value[key] != "" or not how.drops_empty}
    return [_inner(member, how) for member in value] if isinstance(value, list) else value


def draft_of(api: Api, encoder: Encoder, operation: Operation) -> Draft:
    """Return the example's request."""
    has_empty = api.empty_body == "object"
    draft = Draft(operation.method, operation.path, operation.carrier, empty_body=has_empty, is_bare=operation.is_bare)
    for constant in operation.constants:
        _place_constant(draft, constant)
    for param in operation.params:
        if param.wire not in operation.example:
            continue
        in_json = operation.carrier == "json" and param.place == "body"
        value = encoder.value(param, without_marks(operation.example[param.wire]), in_json=in_json)
        if param.place == "path":
            draft.path = draft.path.replace(f"{{{param.wire}}}", percent(query_text(value)))
        elif param.place == "header":
            draft.headers[param.wire] = query_text(value)
        else:
            (draft.query if param.place == "query" else draft.body)[param.wire] = value
    return draft


def _place_constant(draft: Draft, constant: Constant) -> None:
    draft.constants[constant.wire] = wire_text(constant.value)
    place = constant.place or ("query" if draft.carrier == "query" else "body")
    if place == "header":
        draft.headers[constant.wire] = wire_text(constant.value)
    elif place != "text":
        (draft.query if place == "query" else draft.body)[constant.wire] = constant.value
        draft.led += constant.place is None


def draft_of_vector(vector: Vector) -> Draft:
    """Return the request of a worked example."""
    carrier: Carrier = "json" if vector.json is not None else "form" if vector.form is not None else "query"
    is_bare = isinstance(vector.json, list)
    # The value of a bare list has no name.
    body: dict[str, Json] = (
        {"": vector.json} if isinstance(vector.json, list) else dict(vector.json or vector.form or {})
    )
    return Draft(vector.method, vector.path, carrier, dict(vector.query), body, is_bare=is_bare)
