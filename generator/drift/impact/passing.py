"""What well-known functions give back of what they are given: `partial`, `closing`, `enumerate`, and the like."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from generator.drift.impact.meanings import Meaning, Rows, Several, item_of
from generator.model.types import Type

PARTIAL = ("partial", "partialmethod")
# Functions that give back what they are given, or what it yields.
_SAME = frozenset(
    {
        "closing",
        "aclosing",
        "nullcontext",
        "enter_context",
        "enter_async_context",
        "copy",
        "deepcopy",
        "wait_for",
        "run",
    }
    | {"shield", "create_task", "ensure_future", "run_until_complete", "result"}
)
_LISTS = ("list", "tuple", "set", "sorted", "reversed", "iter", "aiter", "filter", "islice", "deque")
_ITEMS = ("next", "anext", "min", "max", "choice", "pop")


def passed(name: str, owner: Meaning | None, given: Sequence[Meaning | None]) -> Meaning | None:
    """Return what a function gives back; None if it is not known.

    Args:
        name: Its last name.
        owner: What it is a method of.
        given: Its positional arguments.
    """
    if name in PARTIAL or name in _SAME:
        return given[0] if given else owner
    if name in _LISTS or name in _ITEMS:
        whole = next((meaning for meaning in (*reversed(given[:2]), owner) if meaning is not None), None)
        return whole if name in _LISTS else item_of(whole)
    if name == "gather":
        return Several(tuple(given))
    if name in ("enumerate", "zip"):
        parts = tuple(map(item_of, given))
        return Rows((None, *parts[:1]) if name == "enumerate" else parts)
    return _of_map(name, owner) if isinstance(owner, Type) and owner.kind == "map" else None


def _of_map(name: str, owner: Type) -> Meaning | None:
    kinds: dict[str, Meaning | None] = {"values": Type("list", item=owner.item), "items": Rows((None, owner.item))}
    return owner.item if name in ("get", "setdefault") else kinds.get(name)


def is_getattr(node: ast.Call) -> bool:
    """Whether a call is `getattr(x, "name")`."""
    name, args = getattr(node.func, "id", ""), node.args
    return name == "getattr" and len(args) > 1 and isinstance(args[1], ast.Constant) and isinstance(args[1].value, str)


def as_attribute(node: ast.Call) -> ast.Attribute:
    """Write `getattr(x, "name")` as `x.name`."""
    name = node.args[1]
    assert isinstance(name, ast.Constant)
    return ast.copy_location(ast.Attribute(node.args[0], str(name.value), ast.Load()), node)
