# Edited in templates/venues/mock/books/reply.py; the copy in generated/ is imported.
"""Writes the bodies of answers: the things that a call is about, in place of those of its example."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from venues.mock.books.facts import Facts
from venues.mock.books.writing import Writer, copied
from venues.mock.declared.holders import Holder
from venues.mock.declared.operations import Operation
from venues.mock.exact import Json, parse, put, value_at
from venues.mock.request.rules import Variants


class Replies:
    """Remembers how answers are written, for examples are read only once."""

    def __init__(self) -> None:
        self._examples: dict[str, Json] = {}
        self._writers: dict[int, Writer] = {}
        self._variants: dict[str, Variants] = {}

    def example(self, operation: Operation) -> Json:
        """Return a copy of the body of an operation's example."""
        name = operation.full_name
        if name not in self._examples:
            self._examples[name] = parse(operation.response)
        return copied(self._examples[name])

    def in_case(
        self, operation: Operation, arguments: Mapping[str, Json], body: Json, path: Sequence[str] = ()
    ) -> Json:
        """Return a body, or what it has in one place, without the members that such an answer lacks in this case."""
        name = operation.full_name
        if name not in self._variants:
            self._variants[name] = Variants(operation)
        variant = self._variants[name].of(arguments)
        return body if variant is None else _trimmed(body, value_at(parse(variant.response), path))

    def writer(self, holder: Holder) -> Writer:
        """Return what writes things in one place."""
        # By identity, for an example is long; the declarations live as long as the mock exchange.
        known = self._writers.get(id(holder))
        if known is None:
            known = self._writers[id(holder)] = Writer(holder)
        return known

    def body(self, operation: Operation, holders: Sequence[Holder], things: Mapping[str, Sequence[Facts]]) -> Json:
        """Return the body of an answer with these things, by kind: orders, and refusals of a batch."""
        # What is replaced as a whole need not be copied first.
        is_whole = bool(holders) and not holders[0].path
        body = None if is_whole else self.example(operation)
        mixed = [holder for holder in holders if holder.form == "list" and holder.path == holders[0].path]
        for holder in holders:
            if holder.thing not in things:
                continue
            if len(mixed) > 1 and holder in mixed:
                payload = self._mixed(mixed, things)
            else:
                payload = self._payload(holder, things[holder.thing])
            if payload is None:
                continue
            if not holder.path:
                body = payload
            else:
                put(body, [*holder.path], payload)
        return self.example(operation) if body is None and is_whole else body

    def _payload(self, holder: Holder, things: Sequence[Facts]) -> Json:
        if holder.form == "map":
            return {
                str(each.values.get("key") or each.values["client_id"]): str(each.values[holder.phrase])
                for each in things
            }
        if holder.form == "values":
            return [str(each.values[holder.phrase]) for each in things]
        writer = self.writer(holder)
        if holder.form == "list":
            return [writer.write(each) for each in things]
        return writer.write(things[0]) if things else None

    def _mixed(self, holders: Sequence[Holder], things: Mapping[str, Sequence[Facts]]) -> Json:
        """Return a list of orders and refusals in the order of the request."""
        found = [
            (facts.values["place"], self.writer(holder).write(facts))
            for holder in holders
            for facts in things.get(holder.thing, ())
        ]
        return [written for _, written in sorted(found, key=lambda pair: pair[0])]


def _trimmed(value: Json, example: Json) -> Json:
    """Return a value without the members that its example lacks."""
    if isinstance(value, dict) and isinstance(example, dict):
        return {name: _trimmed(member, example[name]) for name, member in value.items() if name in example}
    if isinstance(value, list) and isinstance(example, list) and example:
        return [_trimmed(item, example[0]) for item in value]
    return value
