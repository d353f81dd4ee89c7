"""The ids of operations in documents: what methods are called in clients that others generate."""

from __future__ import annotations

from generator.model.api import Api
from generator.model.operations import Operation


def operation_ids(api: Api) -> dict[str, str]:
    """Return group and name of each operation → its id, such as `marketGetOrderBook` or `placeOrder`.

    The group stands before the name, so that what is added later changes no id, unless the name says it anyway.
    """
    ids: dict[str, str] = {}
    for operation in api.operations:
        short = camel(operation.name)
        is_said = _words(operation.group) <= _words(operation.name) and short not in ids.values()
        ids[operation.full_name] = short if is_said else camel(_prefixed(operation))
    return ids


def camel(name: str) -> str:
    """Turn snake case into camel case: get_order_book → getOrderBook."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def _prefixed(operation: Operation) -> str:
    return f"{operation.group}_{operation.name}"


def _words(name: str) -> set[str]:
    """Return the words of a name, whether they stand for one or for several things."""
    return {word.removesuffix("s") for word in name.split("_")}
