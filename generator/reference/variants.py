"""Chooses the calls that a page shows: the most common one first, then one of each kind of order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from generator.model.api import Api
from generator.model.fitting import holds, out_of_range
from generator.model.operations import Operation
from generator.model.types import Enum, Json, Member, Param, Rule

ROUNDS = 6
"""Repairs of one call at most: each may break another rule, and some calls cannot be repaired."""
SIZES = ("quantity", "value")
"""Of these, a call takes one: how much is traded, or for how much money."""
PRICES: Mapping[str, tuple[str, ...]] = {
    "stop": ("stop price",),
    "take_profit": ("stop price", "take_profit price"),
    "trailing": ("trailing",),
}
"""What a kind of order says → the prices, one of which it needs."""

Given = dict[str, Json]


class Variants:
    """Chooses the example calls of one API."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._enums = {enum.name: enum for enum in api.enums}
        self._made: dict[str, list[tuple[str, Operation]]] = {}

    def __call__(self, operation: Operation) -> list[tuple[str, Operation]]:
        """Return the title of each call, and the operation with that call as its example."""
        # Several parts of a page show them, and most are found by trying.
        if operation.full_name not in self._made:
            calls = list(self._orders(operation)) or list(self._reads(operation)) or [("Python", operation.example)]
            self._made[operation.full_name] = [(title, replace(operation, example=given)) for title, given in calls]
        return self._made[operation.full_name]

    def _reads(self, operation: Operation) -> Iterator[tuple[str, Given]]:
        """Yield the smallest call that reads, and the one with options."""
        if operation.effect != "read":
            return
        call = Call(operation, {p.wire: operation.example[p.wire] for p in operation.params if p.required})
        smallest = call.repaired()
        if smallest is not None:
            yield "Python", smallest
            if smallest != operation.example:
                yield "With options", operation.example

    def _orders(self, operation: Operation) -> Iterator[tuple[str, Given]]:
        """Yield a call for each kind of order, a limit order first."""
        kind, enum = self._kind(operation)
        if kind is None or enum is None:
            return
        sides = self._sides(operation)
        known = [one for one in enum.members if one.means is not None and _is_allowed(kind, one)]
        for member in sorted(known, key=lambda one: one.means != ()):
            made = [(side, self._order(operation, kind, member, side)) for side in sides]
            found = [(side, given) for side, given in made if given is not None]
            # Two calls only where another side takes other parameters.
            alike = len({frozenset(given) for _, given in found}) == 1
            for side, given in found[:1] if alike else found:
                yield _words(member.name, "" if alike or side is None else (side.means or ("",))[0]), given

    def _kind(self, operation: Operation) -> tuple[Param | None, Enum | None]:
        """Return the parameter that says whether an order is a limit or a market order, and its values."""
        if operation.does("place", "order") and not self._api.meanings.is_batch(operation):
            for param in operation.params:
                enum = self._enums.get(param.type.name)
                # The time in force is a part of the kind too, but knows no market orders.
                if param.phrase == "kind" and enum and any("market" in (one.means or ()) for one in enum.members):
                    return param, enum
        return None, None

    def _sides(self, operation: Operation) -> list[Member | None]:
        param = next((param for param in operation.params if param.phrase == "side"), None)
        enum = self._enums.get(param.type.name) if param else None
        if param is None or enum is None:
            return [None]
        allowed = [one for one in enum.members if _is_allowed(param, one)]
        found = [next((one for one in allowed if one.means == (side,)), None) for side in ("buy", "sell")]
        return [one for one in found if one is not None] or [None]

    def _order(self, operation: Operation, kind: Param, member: Member, side: Member | None) -> Given | None:
        call = Call(operation, {})
        for param in operation.params:
            if param is kind:
                call.given[param.wire] = member.value
            elif param.phrase == "side" and side is not None:
                call.given[param.wire] = side.value
            elif param.required or param.phrase == "client_id":
                call.add(param.wire, self._usual(param))
        if call.repaired() is None:
            return None
        features = member.means or ()
        call.want(SIZES)
        if "market" not in features:
            call.want(("price",))
        for feature in features:
            call.want(PRICES.get(feature, ()))
        return call.repaired()

    def _usual(self, param: Param) -> Json:
        """Return the value that changes nothing: good till canceled, one position for both sides."""
        enum = self._enums.get(param.type.name)
        usual = param.phrase in ("kind", "position.side") and enum is not None
        members = [one for one in enum.members if one.means == () and _is_allowed(param, one)] if usual and enum else []
        return members[0].value if members else None


class Call:
    """A call in the making."""

    def __init__(self, operation: Operation, given: Given) -> None:
        self.given = given
        self._operation = operation
        self._params = {param.wire: param for param in operation.params}

    def add(self, wire: str, value: Json = None) -> None:
        """Add a parameter, with the value of an example unless one is given."""
        value = next(
            (v for v in (value, self._operation.example.get(wire), self._params[wire].example) if v is not None), None
        )
        if value is not None:
            self.given[wire] = value

    def want(self, phrases: tuple[str, ...]) -> None:
        """Add the first parameter that means one of these, unless one is given or a rule forbids it."""
        meant = [p for p in self._params.values() if p.means and {one.text for one in p.means.phrases} & {*phrases}]
        if any(param.wire in self.given for param in meant):
            return
        for param in meant:
            before = dict(self.given)
            self.add(param.wire)
            if not self._broken():
                return
            self.given = before

    def repaired(self) -> Given | None:
        """Return what is given, with what the rules demand; None if that cannot be found."""
        for _ in range(ROUNDS):
            for rule in self._broken():
                self._repair(rule)
        return dict(self.given) if not self._broken() and self._is_whole() else None

    def _is_whole(self) -> bool:
        fitting = all(not list(out_of_range(self._params[wire], value)) for wire, value in self.given.items())
        return fitting and all(self.given.get(p.wire) is not None for p in self._params.values() if p.required)

    def _broken(self) -> list[Rule]:
        return [rule for rule in self._operation.rules if not holds(rule, self.given, self._params)]

    def _repair(self, rule: Rule) -> None:
        # What the spec's own example has comes first: that is the usual choice among several.
        ordered = sorted(rule.wires, key=lambda wire: wire not in self._operation.example)
        present = [wire for wire in ordered if wire in self.given]
        if rule.kind in ("require", "window"):
            for wire in rule.wires:
                self.add(wire)
        elif rule.kind == "forbid" or len(present) > 1:
            for wire in present if rule.kind == "forbid" else present[1:]:
                if not self._params[wire].required:
                    del self.given[wire]
        else:
            self.add(ordered[0])


def _is_allowed(param: Param, member: Member) -> bool:
    return not param.values or str(member.value) in map(str, param.values)


def _words(name: str, side: str) -> str:
    return " ".join(filter(None, [name.replace("_", " ").capitalize(), side]))
