"""Follows what names stand for in one file of Python code: responses, groups of a client, methods, keyword arguments.

Values are followed through assignments, not through other functions: what they are passed to is not seen.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from generator.drift.impact.model_changes import Changed
from generator.model.types import Type
from generator.words.paging import iter_name


@dataclass(frozen=True)
class Group:
    """`client.trade`."""

    name: str


@dataclass(frozen=True)
class Method:
    """`client.trade.place_order`."""

    group: str
    name: str
    iterates: bool = False
    """Whether it is the `iter_` method, which gives the items of all pages."""

    @property
    def full_name(self) -> str:
        """Group and name."""
        return f"{self.group}.{self.name}"


@dataclass
class Keywords:
    """A dictionary that may be passed as `**options`."""

    given: dict[str, ast.expr] = field(default_factory=dict)
    is_whole: bool = True
    """Whether nothing else can be in it."""


Meaning = Type | Group | Method | Keywords
PARTIAL = ("partial", "partialmethod")


class Names:
    """What the names of one file stand for."""

    def __init__(self, changed: Changed) -> None:
        self._changed = changed
        self._bound = dict[str, Meaning]()
        self._attributes = dict[str, Meaning]()
        """Attribute of any object, as `trade` of `self.trade`; what is set in one method is used in the others."""

    def enter(self) -> dict[str, Meaning]:
        """Begin the scope of a function; return what `leave` needs."""
        return dict(self._bound)

    def leave(self, outer: dict[str, Meaning]) -> None:
        """End the scope of a function: its names mean nothing in the next."""
        self._bound = outer

    def bind(self, target: ast.expr, meaning: Meaning | None) -> None:
        """Note that a name or an attribute has another value now."""
        if isinstance(target, ast.Subscript):
            self._put(target, meaning)
            return
        if isinstance(target, (ast.Tuple, ast.List)):
            for part in target.elts:
                self.bind(part, None)
            return
        known = self._bound if isinstance(target, ast.Name) else self._attributes
        name = target.id if isinstance(target, ast.Name) else getattr(target, "attr", "")
        known.pop(name, None)
        if meaning is not None:
            known[name] = meaning

    def assign(self, target: ast.expr, value: ast.expr) -> None:
        """Note what a name stands for after an assignment, or several names: `orders, size = client.orders, 1`."""
        parts = [(target, value)]
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            parts = list(zip(target.elts, value.elts, strict=True))
        # All values before the first name: `a, b = b, a`.
        for part, meaning in [(part, self.of(given)) for part, given in parts]:
            self.bind(part, meaning)

    def _put(self, target: ast.Subscript, _: Meaning | None) -> None:
        """Note that a dictionary has one member more; which value it has does not matter."""
        whole = self.of(target.value)
        if isinstance(whole, Keywords):
            key = getattr(target.slice, "value", None)
            if isinstance(key, str):
                whole.given[key] = ast.Name("_", ast.Load())
            else:
                whole.is_whole = False

    def open_up(self, name: ast.expr) -> None:
        """Note that a dictionary was changed in a way that is not followed."""
        whole = self.of(name)
        if isinstance(whole, Keywords):
            whole.is_whole = False

    def of(self, node: ast.expr) -> Meaning | None:
        """Return what an expression stands for, or None if that is unknown."""
        if isinstance(node, (ast.Await, ast.NamedExpr)):
            return self.of(node.value)
        if isinstance(node, ast.Name):
            return self._bound.get(node.id)
        if isinstance(node, ast.Attribute):
            return self._attribute(node)
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.Dict):
            return self._dictionary(node)
        if isinstance(node, (ast.IfExp, ast.BoolOp)):
            return self._either([node.body, node.orelse] if isinstance(node, ast.IfExp) else node.values)
        typed = self.type_of(node.value) if isinstance(node, ast.Subscript) else None
        return typed.item if typed else None

    def _either(self, values: list[ast.expr]) -> Meaning | None:
        """Return what one of several values stands for: `live.trade if is_live else paper`."""
        known = (self.of(value) for value in values)
        # Which of two dictionaries is passed is not known, so neither proves that something is left out.
        return next((meaning for meaning in known if meaning is not None and not isinstance(meaning, Keywords)), None)

    def type_of(self, node: ast.expr) -> Type | None:
        """Return the type of an expression that is a response or a part of one."""
        found = self.of(node)
        return found if isinstance(found, Type) else None

    def _attribute(self, node: ast.Attribute) -> Meaning | None:
        owner = self.of(node.value)
        if isinstance(owner, Type):
            return self._changed.types.get(owner.name, {}).get(node.attr)
        if isinstance(owner, Group):
            return self._method(owner.name, node.attr)
        # By the name of the group, whatever the client is called: its type is rarely annotated.
        if node.attr in self._changed.groups:
            return Group(node.attr)
        return self._attributes.get(node.attr)

    def _method(self, group: str, name: str) -> Method | None:
        operations = self._changed.groups[group]
        if name in operations:
            return Method(group, name)
        paged = (o for o in operations.values() if o.paging is not None and iter_name(o.name) == name)
        return next((Method(group, operation.name, iterates=True) for operation in paged), None)

    def _call(self, node: ast.Call) -> Meaning | None:
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name == "dict" and not node.args:
            return self.keywords(node)
        if name in PARTIAL and node.args:
            return self.of(node.args[0])
        if is_getattr(node):
            return self.of(as_attribute(node))
        called = self.of(node.func)
        if not isinstance(called, Method):
            return None
        operation = self._changed.groups[called.group][called.name]
        if called.iterates and operation.paging:
            return Type("list", item=operation.paging.item)
        return operation.returns

    def _dictionary(self, node: ast.Dict) -> Keywords:
        found = Keywords()
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                found.given[key.value] = value
            else:
                self._spread(found, value if key is None else None)
        return found

    def keywords(self, node: ast.Call) -> Keywords:
        """Return the keyword arguments of a call, with those of `**options` where these are known."""
        found = Keywords()
        for keyword in node.keywords:
            if keyword.arg is not None:
                found.given[keyword.arg] = keyword.value
            else:
                self._spread(found, keyword.value)
        return found

    def _spread(self, found: Keywords, value: ast.expr | None) -> None:
        more = self.of(value) if value is not None else None
        if isinstance(more, Keywords):
            found.given |= more.given
            found.is_whole = found.is_whole and more.is_whole
        else:
            found.is_whole = False


def is_getattr(node: ast.Call) -> bool:
    """Whether a call is `getattr(x, "name")`."""
    name, args = getattr(node.func, "id", ""), node.args
    return name == "getattr" and len(args) > 1 and isinstance(args[1], ast.Constant) and isinstance(args[1].value, str)


def as_attribute(node: ast.Call) -> ast.Attribute:
    """Write `getattr(x, "name")` as `x.name`."""
    name = node.args[1]
    assert isinstance(name, ast.Constant)
    return ast.copy_location(ast.Attribute(node.args[0], str(name.value), ast.Load()), node)
