"""What annotations say: `client: Toy`, `list[Order]`, `"Order | None"`."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from generator.drift.impact.meanings import Client, Exported, Foreign, Group, Instance, Local, Meaning, either
from generator.drift.impact.model_changes import Changed
from generator.model.types import Type

# `X` of `Optional[X]` is what the value is; of the others, what it holds. The last argument of maps is what they hold.
_SAME = frozenset(
    {"Optional", "Union", "Annotated", "Awaitable", "Final", "ClassVar", "Type", "type", "Coroutine", "Required"}
)
_LISTS = frozenset(
    {
        "list",
        "List",
        "Sequence",
        "Iterable",
        "Iterator",
        "AsyncIterable",
        "AsyncIterator",
        "Generator",
        "AsyncGenerator",
    }
    | {"tuple", "Tuple", "set", "Set", "frozenset", "Collection", "MutableSequence", "deque", "Deque"}
)
_MAPS = frozenset({"dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "DefaultDict", "OrderedDict"})
# Classes of other packages that say nothing of what the value is.
_OPEN = frozenset({"Any", "object", "Protocol", "TypeVar", "Self", "Generic"})
# How a generator of a context manager is annotated, whose value is what `with` binds.
_YIELDS = frozenset({"Iterator", "AsyncIterator", "Generator", "AsyncGenerator"})


def meaning_of(
    annotation: ast.expr | None, of: Callable[[ast.expr], Meaning | None], changed: Changed
) -> Meaning | None:
    """Return what a value with this annotation is; None if the annotation does not say."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = ast.parse(annotation.value.strip(), mode="eval").body
        except (SyntaxError, ValueError):
            return None
    if isinstance(annotation, ast.BinOp):
        return either(meaning_of(side, of, changed) for side in (annotation.left, annotation.right))
    if isinstance(annotation, ast.Subscript):
        return _inner(annotation, of, changed)
    if isinstance(annotation, (ast.Name, ast.Attribute)):
        return _named(of(annotation), getattr(annotation, "id", getattr(annotation, "attr", "")), changed)
    return None


def _inner(annotation: ast.Subscript, of: Callable[[ast.expr], Meaning | None], changed: Changed) -> Meaning | None:
    name = getattr(annotation.value, "id", getattr(annotation.value, "attr", ""))
    inner = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
    found = [meaning_of(each, of, changed) for each in inner]
    if name in _SAME:
        return either(found)
    held = found[-1] if name in _MAPS else next((meaning for meaning in found if meaning is not None), None)
    if name in _LISTS | _MAPS and isinstance(held, Type):
        return Type("map" if name in _MAPS else "list", item=held)
    return held if name in _YIELDS else None


def _named(meaning: Meaning | None, name: str, changed: Changed) -> Meaning | None:
    if isinstance(meaning, Exported):
        return _exported(meaning.name, changed)
    if isinstance(meaning, Local):
        return Instance(meaning)
    # A struct by its name alone: it may be imported in a way that is not followed.
    if meaning is None and name in changed.types:
        return Type("struct", name)
    return meaning if isinstance(meaning, Foreign) and name[:1].isupper() and name not in _OPEN else None


def _exported(name: str, changed: Changed) -> Meaning | None:
    if name in changed.client_classes:
        return Client()
    if name in changed.types:
        return Type("struct", name)
    bare = re.sub(r"(?<!\A)(?=[A-Z])", "_", name.removeprefix("Async").removesuffix("Group")).lower()
    return Group(bare) if name.endswith("Group") and bare in changed.groups else None
