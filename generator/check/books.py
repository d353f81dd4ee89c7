"""Finds contradictions in `book` and `join` of channels, and order books that nothing begins."""

from __future__ import annotations

from generator.model.api import Api
from generator.model.books import number_of, sides_of, symbol_params
from generator.model.channels import BookJoin, Channel
from generator.model.operations import Operation
from generator.model.types import Json, Scalar
from generator.source import reading as read
from generator.source.load import Map
from generator.source.reading import Notes


def check_books(at: Map, api: Api, notes: Notes) -> None:
    """Note every contradiction; `at` is the root of streams.yaml."""
    for channel, place in zip(api.streams.channels if api.streams else (), read.maps(at, "channels"), strict=True):
        _Check(api, channel, place, notes).check()


class _Check:
    def __init__(self, api: Api, channel: Channel, at: Map, notes: Notes) -> None:
        self._api = api
        self._channel = channel
        self._at = at
        self._notes = notes
        self._where = f"channels.{channel.name}"
        self._params = {param.wire: param for param in channel.params}

    def check(self) -> None:
        channel = self._channel
        has_sides = sides_of(self._api, channel.payload) is not None
        for key in ("book", "join"):
            if key in self._at and not has_sides:
                self._add(
                    key, "its payload is no order book; it needs `is: book`, and lists that mean `buy` and `sell`"
                )
        if has_sides:
            self._check_arguments()
            self._check_delivery()
        if channel.join is not None:
            self._check_join(channel.join, read.mapping(self._at, "join"))
        joins = channel.sequence is not None and channel.sequence.joins
        if joins and channel.join is None:
            self._add("sequence", "`on_gap: join` needs `join`")
        # Without it, a gap would make the client subscribe again, and no snapshot would follow.
        if channel.join is not None and channel.sequence is not None and not joins:
            self._add("sequence", "has a `join`; add `on_gap: join`")

    def _add(self, key: str, what: str) -> None:
        self._notes.add(self._at, key, self._where, what)

    def _check_delivery(self) -> None:
        delivers = self._channel.delivers
        if delivers == "change" and self._channel.join is None:
            self._add("delivers", "changes of an order book need `join`, which says where the snapshot comes from")
        if delivers != "change" and self._channel.join is not None:
            self._add("join", f"delivers {delivers}, so no snapshot is requested")

    def _check_arguments(self) -> None:
        """Note parameters that leave open which book is meant."""
        at, arguments = read.mapping(self._at, "book"), self._channel.book
        symbols = [param.wire for param in symbol_params(self._channel)]
        if len(symbols) != 1:
            key = "book" if "book" in self._at else "params" if "params" in self._at else "name"
            others = " or ".join(symbols) or "no parameter"
            self._add(key, f"which parameter is the symbol? {others}; give the others in `book`, by `depth` or `with`")
        if arguments is None:
            return
        where = f"{self._where}.book"
        if arguments.depth is not None:
            known = self._notes.check_known(at, "depth", where, arguments.depth, self._params, "parameter")
            if known and not arguments.depths:
                self._notes.add(at, "depth", where, "which depths are there? add `values` to it, or `depths` here")
            for value in arguments.depths.values() if known else ():
                self._check_value(at, "depth", where, arguments.depth, value)
        elif arguments.depths:
            self._notes.add(at, "depths", where, "needs `depth`, the parameter that has these values")
        for wire, value in arguments.constants.items():
            if self._notes.check_known(at, "with", where, wire, self._params, "parameter"):
                self._check_value(at, "with", where, wire, value)

    def _check_value(self, at: Map, key: str, where: str, wire: str, value: Json) -> None:
        """Note a value that the parameter can't have."""
        param = self._params[wire].param
        members = next((enum.members for enum in self._api.enums if enum.name == param.type.name), ())
        allowed: tuple[Scalar, ...] = param.values or tuple(member.value for member in members)
        if allowed and value not in allowed:
            self._notes.add(at, key, where, f"{wire} can't be {value!r}; it may be {', '.join(map(repr, allowed))}")

    def _check_join(self, join: BookJoin, at: Map) -> None:
        where = f"{self._where}.join"
        operations = {operation.full_name: operation for operation in self._api.operations}
        if not self._notes.check_known(at, "operation", where, join.operation, operations, "operation"):
            return
        operation = operations[join.operation]
        if not operation.does("get", "book"):
            self._notes.add(at, "operation", where, f"{join.operation} must say `does: get book`")
        elif sides_of(self._api, operation.returns) is None:
            what = f"{join.operation} returns no single order book with lists that mean `buy` and `sell`"
            self._notes.add(at, "operation", where, what)
        else:
            self._check_number(join, at, operation)
        self._check_params(join, at, operation)
        numbers = self._channel.sequence
        if numbers is None or (numbers.first is None and numbers.previous is None):
            self._add("join", "needs a `sequence` with `first` or `previous`, or nothing shows where changes begin")

    def _check_number(self, join: BookJoin, at: Map, operation: Operation) -> None:
        where = f"{self._where}.join"
        number = number_of(self._api, operation, join)
        if number is None:
            self._notes.add(at, "at", where, f"no member `{join.at}` in the order book of {join.operation}", "unknown")
        elif number.type.kind != "integer":
            self._notes.add(at, "at", where, f"`{join.at}` is not an integer")

    def _check_params(self, join: BookJoin, at: Map, operation: Operation) -> None:
        where = f"{self._where}.join"
        known = {param.wire: param for param in operation.params}
        for wire in (*join.params, *join.constants):
            self._notes.check_known(at, "params", where, wire, known, f"parameter of {join.operation}")
        for of in join.params.values():
            self._notes.check_known(at, "params", where, of, self._params, "parameter of the channel")
        given = {*join.params, *join.constants}
        for wire, param in known.items():
            # The caller can't give them: the client requests the snapshot on its own.
            if param.required and wire not in given:
                self._notes.add(at, "params" if "params" in at else "operation", where, f"{wire} is required; give it")
