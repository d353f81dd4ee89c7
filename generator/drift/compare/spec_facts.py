"""The model of an API in the form of facts, so that it can be compared with documentation."""

from __future__ import annotations

from collections.abc import Iterator

from generator.drift.facts.facts import Fact, Facts
from generator.drift.facts.requirements import KIND as RULE
from generator.model.api import Api
from generator.model.limits import Limit
from generator.model.operations import Operation
from generator.model.types import Enum, Field, Param, Struct, Type

# Deeper than any documented response; structs that contain themselves must end somewhere.
DEPTH = 6


class SpecFacts:
    """Knows the enums and structs of one API."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.enums: dict[str, Enum] = {enum.name: enum for enum in api.enums}
        self.structs: dict[str, Struct] = {struct.name: struct for struct in api.structs}

    def facts(self) -> Facts:
        """Return all facts that the spec states."""
        facts = Facts()
        for operation in self.api.operations:
            owner = owner_of(operation)
            facts.facts[owner, "operation", ""] = Fact()
            for path, typed, required in self.params(operation):
                facts.facts[owner, "param", path] = Fact(typed.spec, required)
            for param in operation.params:
                self._bounds(facts, owner, param)
            for path, typed, optional in self.fields(operation):
                facts.facts[owner, "field", path] = Fact(typed.spec, not optional)
            self._figures(facts, operation)
            self._rules(facts, operation)
        self._lists(facts)
        return facts

    def _bounds(self, facts: Facts, owner: str, param: Param) -> None:
        if param.default is not None:
            facts.facts[owner, "default", param.wire] = Fact(str(param.default))
        ends = ["" if end is None else str(end) for end in (param.minimum, param.maximum)]
        if any(ends):
            facts.facts[owner, "range", param.wire] = Fact("..".join(ends))

    def _rules(self, facts: Facts, operation: Operation) -> None:
        """Add what is required where one parameter has one of some values."""
        cases = dict[str, set[str]]()
        for rule in operation.rules:
            parts = rule.wires if rule.kind == "require" else ("/".join(sorted(rule.wires)),)
            if rule.kind in ("require", "one_of", "at_least_one_of") and len(rule.when) == 1:
                for value in rule.when[0].values:
                    cases.setdefault(f"{rule.when[0].wire}={value}", set()).update(parts)
        for case, needed in cases.items():
            facts.facts[owner_of(operation), RULE, case] = Fact("|".join(sorted(needed)))

    def _figures(self, facts: Facts, operation: Operation) -> None:
        owner = owner_of(operation)
        if operation.limit is not None:
            facts.facts[owner, "limit", ""] = Fact(limit_text(operation.limit))
        amounts = [case.amount for cost in operation.costs for case in cost.cases]
        if amounts:
            facts.facts[owner, "weight", ""] = Fact("|".join(str(amount) for amount in amounts))

    def _lists(self, facts: Facts) -> None:
        for enum in self.api.enums:
            for member in enum.members:
                facts.facts[f"enum {enum.name}", "value", str(member.value)] = Fact()
        for owner, codes in (("errors", self.api.errors), ("stream errors", self.api.stream_errors)):
            for code in codes:
                facts.facts[owner, "code", code.code] = Fact(code.kind)

    def params(self, operation: Operation) -> Iterator[tuple[str, Type, bool]]:
        """Yield the paths of parameters with type and whether they are required, nested ones included."""
        for path, param in self._params(operation):
            yield path, param.type, param.required

    def ended(self, operation: Operation) -> set[tuple[str, str]]:
        """Return what is deprecated of an operation: `param` with its path, `field` with its last name."""
        params = {("param", path) for path, param in self._params(operation) if param.is_deprecated}
        fields = {("field", field.wire) for _, field in self._fields(operation) if field.is_deprecated}
        return params | fields

    def _params(self, operation: Operation) -> Iterator[tuple[str, Param]]:
        for param in operation.params:
            yield param.wire, param
            yield from self._inner(param.wire, param.type, 0)

    def _inner(self, path: str, typed: Type, depth: int) -> Iterator[tuple[str, Param]]:
        inner, joint = _item(typed)
        if inner.kind != "struct" or depth > DEPTH:
            return
        for param in self.structs[inner.name].params:
            below = f"{path}{joint}.{param.wire}"
            yield below, param
            yield from self._inner(below, param.type, depth + 1)

    def fields(self, operation: Operation) -> Iterator[tuple[str, Type, bool]]:
        """Yield the paths of an answer's members with type and whether they may be missing."""
        for path, field in self._fields(operation):
            yield path, field.type, field.optional

    def _fields(self, operation: Operation) -> Iterator[tuple[str, Field]]:
        if operation.returns is not None:
            yield from self._members("", operation.returns, 0)

    def _members(self, path: str, typed: Type, depth: int) -> Iterator[tuple[str, Field]]:
        inner, joint = _item(typed)
        # Structs that are arrays on the wire have positions there, and no names that a page could list.
        if inner.kind != "struct" or depth > DEPTH or self.structs[inner.name].array:
            return
        for field in self.structs[inner.name].fields:
            below = f"{path}{joint}.{field.wire}".lstrip(".")
            yield below, field
            yield from self._members(below, field.type, depth + 1)

    def enum_of(self, typed: Type) -> Enum | None:
        """Return the enum in a type, if it is one or a list of one."""
        inner, _ = _item(typed)
        return self.enums.get(inner.name) if inner.kind == "enum" else None


def expected(api: Api) -> dict[str, Facts]:
    """Return what each page should contain according to the spec: its operations and their parameters."""
    pages, spec = dict[str, Facts](), SpecFacts(api)
    for operation in api.operations:
        facts = pages.setdefault(operation.page.name, Facts())
        facts.facts[owner_of(operation), "operation", ""] = Fact()
        for path, typed, required in spec.params(operation):
            facts.facts[owner_of(operation), "param", path] = Fact(typed.spec, required)
    return pages


def owner_of(operation: Operation) -> str:
    """Return method and path, as documentation has them."""
    return f"{operation.method} {operation.path}"


def limit_text(limit: Limit) -> str:
    """Return a limit as facts have it: `10/1s ip`."""
    return f"{limit.amount}/{limit.per} {limit.by}"


def added_by_signing(api: Api) -> set[str]:
    """Return the parameters and headers that signing adds, which operations do not list."""
    places = [place for scheme in api.signing.schemes for place in scheme.place]
    places += [scheme.signature for scheme in api.signing.schemes if scheme.signature] + list(api.signing.key)
    return {place.name for place in places}


def _item(typed: Type) -> tuple[Type, str]:
    joint = ""
    while typed.item is not None:
        joint = "[]" if typed.kind == "list" else ".*"
        typed = typed.item
    return typed, joint
