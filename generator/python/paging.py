"""Prints how operations page: as an expression for the runtime, and as methods that iterate."""

from __future__ import annotations

from generator.model.operations import Operation
from generator.model.paging import Paging
from generator.model.types import Param
from generator.python.calls import Code, call, unless
from generator.words.annotations import Arguments, annotation
from generator.words.paging import completeness, iter_name, order


def paging(operation: Operation) -> Code | None:
    """Print how an operation pages."""
    paging = operation.paging
    if paging is None:
        return None
    return call(
        "Paging",
        paging.by,
        paging.start,
        end=unless(None, paging.end),
        items=unless((), paging.items),
        key=unless((), paging.key),
        time=unless(None, paging.time),
        time_ms=unless(1, paging.time_ms),
        # 1 is a millisecond, the unit of most exchanges.
        unit=unless(1, paging.unit),
        keeps=unless(None, paging.keeps),
        goes=unless(None, paging.goes),
        next=unless(None, paging.next),
        number=unless(None, paging.number),
        total=unless(None, paging.total),
        limit=unless(None, paging.limit),
        size=unless(None, paging.size),
        most=unless(None, paging.most),
        within=unless(None, paging.within),
        window=unless(0, paging.window_ms),
        begin=unless(None, paging.begin),
    )


def method_name(operation: Operation) -> str:
    """Name the method that iterates over all pages."""
    return iter_name(operation.name)


def item_type(operation: Operation) -> Code:
    """Print the type of the items of a list."""
    return Code(annotation(operation.paging.item if operation.paging else None))


def iter_params(operation: Operation) -> list[Param]:
    """Return the parameters of that method: what must be given comes first."""
    paging = operation.paging
    if paging is None:
        return []
    kept = [param for param in operation.params if not paging.is_driven(param)]
    # Python demands it of parameters without a default.
    return sorted(kept, key=lambda param: not paging.is_required(param))


def iter_argument(arguments: Arguments, paging: Paging, param: Param) -> str:
    """Print a parameter of that method."""
    typed = arguments(param.type)
    return f"{param.name}: {typed}" if paging.is_required(param) else f"{param.name}: {typed} | None = None"


def iter_doc(operation: Operation) -> list[str]:
    """Say what that method does: the order, where it ends, and what the list lacks."""
    paging = operation.paging
    assert paging is not None
    names = {param.wire: f"`{param.name}`" for param in operation.params}
    first = f"Iterate over all pages of `{operation.name}`: each item once, {order(paging)}."
    return [first, completeness(paging, names)]
