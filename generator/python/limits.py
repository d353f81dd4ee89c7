"""Prints limits, costs, lookups and echoes as Python expressions for the runtime."""

from __future__ import annotations

from collections.abc import Iterable

from generator.model.api import Api
from generator.model.operations import Echo, Limit, Lookup, Operation
from generator.model.types import Condition
from generator.python.expressions import call, condition
from generator.words.literals import literal


def buckets(api: Api) -> list[tuple[str, str]]:
    """Return (name, expression) of every bucket that an operation uses."""
    used = {name for operation in api.operations for name, _, _ in _costs(api, operation)}
    return [(name, _bucket(name, limit)) for name, limit in api.buckets.items() if name in used]


def _bucket(name: str, limit: Limit) -> str:
    return call(
        "Bucket",
        literal(name),
        str(limit.amount),
        str(limit.per_ms),
        literal(limit.by),
        header=literal(limit.header) if limit.header else None,
    )


def charges(api: Api, operation: Operation) -> list[str]:
    """Return the expressions of what a call costs."""
    return [
        call("Cost", literal(name), str(amount), when=_when(conditions))
        for name, amount, conditions in _costs(api, operation)
    ]


def _costs(api: Api, operation: Operation) -> list[tuple[str, int, tuple[Condition, ...]]]:
    found = [(cost.bucket, case.amount, case.when) for cost in operation.costs for case in cost.cases]
    if operation.limit:
        found.append((operation.full_name, 1, ()))
    if not found and operation.auth in api.default_limits:
        found.append((f"default_{operation.auth}", 1, ()))
    return found


def _when(conditions: Iterable[Condition]) -> str | None:
    words = [condition(one) for one in conditions]
    return f"({', '.join(words)},)" if words else None


def secrets(operation: Operation) -> tuple[str, ...]:
    """Return the parameters that must not be shown."""
    return tuple(sorted(param.wire for param in operation.params if param.secret))


def lookup(value: Lookup) -> str:
    """Print a call that finds what became of another."""
    return call(
        "Lookup",
        literal(value.operation),
        literal(value.params),
        absent=literal(value.absent) if value.absent else None,
    )


def echo(value: Echo) -> str:
    """Print a member of an answer that must agree with a parameter."""
    writing = value.writing
    return call(
        "Echo",
        literal(value.param),
        literal(value.path),
        case=literal(writing.case) if writing.case != "keep" else None,
        prefix=literal(writing.prefix) if writing.prefix else None,
    )


def time_source(api: Api) -> str:
    """Print where the exchange tells its time."""
    if api.clock is None:
        return "None"
    operation = next(o for o in api.operations if o.full_name == api.clock.operation)
    struct = next((s for s in api.structs if operation.returns and s.name == operation.returns.name), None)
    names = {field.wire: field.name for field in struct.fields} if struct else {}
    scale = 1 if api.clock.unit == "ms" else 1000
    return call(
        "TimeSource", literal(operation.full_name), literal(names.get(api.clock.field, api.clock.field)), str(scale)
    )
