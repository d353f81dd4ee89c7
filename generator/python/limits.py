"""Prints limits, costs and lookups as Python expressions for the runtime."""

from __future__ import annotations

from generator.model.api import Api
from generator.model.limits import Case, Limit
from generator.model.lookups import Echo, Lookup
from generator.model.operations import Operation
from generator.python.calls import Code, call, row, unless
from generator.python.expressions import condition
from generator.words.literals import literal


def shared_limits(api: Api) -> list[tuple[str, Code]]:
    """Return (name, expression) of every shared limit that an operation uses."""
    used = {name for operation in api.operations for name, _ in _costs(api, operation)}
    # Limits of single operations are printed at the operation; unused ones would look as if they were enforced.
    return [(name, _limit(name, limit)) for name, limit in api.buckets.items() if name in used]


def own_limit(operation: Operation) -> Code | None:
    """Return the expression of an operation's own limit."""
    return _limit(operation.full_name, operation.limit) if operation.limit else None


def _limit(name: str, limit: Limit) -> Code:
    more = {"header": unless(None, limit.header), "left": unless(None, limit.left)}
    return call("Limit", name, limit.amount, limit.per_ms, limit.by, **more)


def costs(api: Api, operation: Operation) -> list[Code]:
    """Return the expressions of a call's costs in shared limits."""
    return [
        call(
            "Cost",
            name,
            case.amount,
            when=row(map(condition, case.when)),
            per=unless(None, case.per),
            most=unless(None, case.most),
        )
        for name, case in _costs(api, operation)
    ]


def _costs(api: Api, operation: Operation) -> list[tuple[str, Case]]:
    found = [(cost.bucket, case) for cost in operation.costs for case in cost.cases]
    if not found and not operation.limit and operation.auth in api.default_limits:
        found.append((api.default_limits[operation.auth].name, Case(1)))
    return found


def secrets(operation: Operation) -> tuple[str, ...]:
    """Return the parameters that must not be shown."""
    return tuple(sorted(param.wire for param in operation.params if param.secret))


def lookups(api: Api, operation: Operation) -> list[Code]:
    """Print the lookups of an operation."""
    return [_lookup(one, _member_names(api, operation)) for one in operation.lookups]


def found_type(operation: Operation) -> Code:
    """Print the type of what an operation's lookups find."""
    return Code(" | ".join(found.name for found in operation.found) or "object")


def likeness(operation: Operation) -> list[Code]:
    """Print the lists that are searched by likeness."""
    return [
        call("Likeness", one.operation, one.params, one.id, one.made, one.agrees, only=unless((), one.only))
        for one in operation.likeness
    ]


def batch(operation: Operation) -> Code:
    """Print where a batch has the caller's ids."""
    return Code(literal((operation.batch.wire, operation.batch.name) if operation.batch else None))


def _member_names(api: Api, operation: Operation) -> dict[str, str]:
    """Return `list.member` of a batch by wire name → with the Python name that callers give."""
    if operation.batch is None:
        return {}
    wire = operation.batch.wire
    item = next(param.type.item for param in operation.params if param.wire == wire)
    struct = next(struct for struct in api.structs if item and struct.name == item.name)
    return {f"{wire}.{member.wire}": f"{wire}.{member.name}" for member in struct.params}


def _lookup(value: Lookup, names: dict[str, str]) -> Code:
    return call(
        "Lookup",
        value.operation,
        tuple((wire, names.get(source, source)) for wire, source in value.params),
        absent=unless((), value.absent),
        client_id=unless(None, value.client_id),
        made=unless(None, value.made),
        agrees=unless((), value.agrees),
    )


def echo(value: Echo) -> Code:
    """Print a field of the response that must agree with a parameter."""
    return call("Echo", value.param, value.path, ids=unless("exact", value.ids), prefix=unless("", value.prefix))


def time_source(api: Api) -> Code:
    """Print where the exchange returns its time."""
    if api.clock is None:
        return Code("None")
    operation = next(o for o in api.operations if o.full_name == api.clock.operation)
    struct = next((s for s in api.structs if operation.returns and s.name == operation.returns.name), None)
    names = {field.wire: field.name for field in struct.fields} if struct else {}
    scale, per_ms = {"ms": (1, 1), "s": (1000, 1), "ns": (1, 1_000_000)}[api.clock.unit]
    field = names.get(api.clock.field, api.clock.field)
    return call("TimeSource", operation.full_name, field, scale, per_ms=unless(1, per_ms))
