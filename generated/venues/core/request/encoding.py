# Edited in templates/venues/core/request/encoding.py; the copy in generated/ is imported.
"""How the arguments of a call are written and judged, from its parameters and rules alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from venues.core.request.params import Param
from venues.core.request.rules import Rule
from venues.core.values.checks import did_you_mean
from venues.errors import InvalidRequest


@dataclass(frozen=True, eq=False)
class Encoding:
    """Writes arguments as they will be sent; what they are is declared by the operation that this is a part of."""

    group: str
    name: str
    params: tuple[Param, ...] = field(default=(), kw_only=True)
    rules: tuple[Rule, ...] = field(default=(), kw_only=True)

    @cached_property
    def full_name(self) -> str:
        """Group and name: isolated.place_order."""
        return f"{self.group}.{self.name}"

    @cached_property
    def by_name(self) -> dict[str, Param]:
        """Python name → parameter."""
        return {param.name: param for param in self.params}

    @cached_property
    def by_wire(self) -> dict[str, Param]:
        """Wire name → parameter."""
        return {param.wire: param for param in self.params}

    @cached_property
    def required(self) -> tuple[Param, ...]:
        """Parameters that must be given."""
        return tuple(param for param in self.params if param.required)

    @cached_property
    def required_wires(self) -> frozenset[str]:
        """The wire names of the parameters that must be given."""
        return frozenset(param.wire for param in self.required)

    def to_wire(self, arguments: Mapping[str, object]) -> dict[str, object]:
        """Turn Python names into wire names, in the caller's order.

        Raises:
            InvalidRequest: for a name that the operation does not have.
        """
        try:
            return dict(zip(map(self._wire_of, arguments), arguments.values(), strict=True))
        except KeyError:
            name = next(name for name in arguments if name not in self.by_name)
        hint = did_you_mean(name, self.by_name, self.by_wire)
        raise InvalidRequest(f"{self.full_name} has no parameter {name!r}{hint}")

    @cached_property
    def _wire_of(self) -> Callable[[str], str]:
        """Python name → wire name."""
        return {param.name: param.wire for param in self.params}.__getitem__

    def encode(self, arguments: Mapping[str, object], validate: bool) -> dict[str, object]:
        """Write arguments, by wire name, as they will be sent; None and empty strings are not given, and left out.

        Raises:
            InvalidRequest: for a value that can't be sent, or that breaks a rule (unless `validate` is false).
        """
        # Only with validation: without it, the exchange judges, as after a change of its rules.
        if not validate:
            return self.encode_as_declared(arguments, validate=False)
        wires = [*arguments]
        try:
            if wires == self._wires:  # as methods call it
                return self._line(*arguments.values())
            sent = self._line(*{**self._nothing, **arguments}.values())
            return sent if [*sent] == wires else _in_order_of(arguments, sent)
        except self._doubts:
            pass
        return self.encode_as_declared(arguments, validate=True)  # out here, where its error has no other one behind it

    def encode_as_declared(self, arguments: Mapping[str, object], *, validate: bool) -> dict[str, object]:
        """Do what `encode` does, by the declarations of parameters and rules: they say exactly what is wrong.

        Raises:
            InvalidRequest: for a value that can't be sent, or that breaks a rule (unless `validate` is false).
        """
        sent: dict[str, object] = {}
        writers = self._writers if validate else self._unchecked_writers
        try:
            for wire, value in arguments.items():
                # Exchanges differ in what an empty parameter means, and some sign it and some do not; so none is sent.
                if value is not None and (value or value != ""):
                    sent[wire] = writers[wire](value)
            for wire, written in self.always:
                sent.setdefault(wire, written)
            if validate:
                self._check(sent)
        except InvalidRequest as error:
            raise InvalidRequest(f"{self.full_name}: {error}") from None
        return sent

    @cached_property
    def _line(self) -> Callable[..., dict[str, object]]:
        """What writes and judges the values of all parameters, in their order."""
        from venues.core.request.straight import compile_line

        return compile_line(self.full_name, self.params, self.rules, self.always)

    @cached_property
    def _doubts(self) -> tuple[type[Exception], ...]:
        """What the straight line raises where a call may be wrong."""
        from venues.core.request.straight import Doubt

        return Doubt, KeyError, InvalidRequest

    @cached_property
    def _wires(self) -> list[str]:
        """The wire names of the parameters, in their order."""
        return [param.wire for param in self.params]

    @cached_property
    def _nothing(self) -> dict[str, Any]:  # Any: a value of any type may take the place
        """Wire name → None: a call without arguments."""
        return dict.fromkeys(self._wires)

    @cached_property
    def _writers(self) -> dict[str, Callable[[object], object]]:
        """Wire name → what writes and checks a value."""
        from venues.core.request.writers import checked_writer

        return {param.wire: checked_writer(param) for param in self.params}

    @cached_property
    def _unchecked_writers(self) -> dict[str, Callable[[object], object]]:
        """Wire name → what writes a value."""
        from venues.core.request.writers import unchecked_writer

        return {param.wire: unchecked_writer(param) for param in self.params}

    @cached_property
    def always(self) -> list[tuple[str, object]]:
        """Wire name and value of what is sent where the caller gives nothing."""
        given = {p: int(p.default) if p.kind == "integer" else p.default for p in self.params if p.always and p.default}
        return [(param.wire, param.encode(value, param.name)) for param, value in given.items()]

    def _check(self, sent: Mapping[str, object]) -> None:
        # One comparison of sets in the usual case; the names are looked up only for the message.
        if not sent.keys() >= self.required_wires:
            missing = [param.name for param in self.required if param.wire not in sent]
            raise InvalidRequest(f"{' and '.join(missing)} must be given")
        for rule in self.rules:
            rule.check(sent, self.by_wire)


def _in_order_of(arguments: Mapping[str, object], sent: dict[str, object]) -> dict[str, object]:
    """Return what is sent in the caller's order, and then what is sent always."""
    given = [wire for wire, value in arguments.items() if value is not None]
    return {wire: sent[wire] for wire in (*given, *sent)}
