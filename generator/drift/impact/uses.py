"""Finds the uses of a client in Python code: calls, constants, enum members and fields of responses.

Only names are followed, within one file: what another function does with a response is not seen.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from generator.drift.impact.model_changes import Changed, OperationChange
from generator.model.types import Type

Place = tuple[int, str]


def uses_in(text: str, changed: dict[str, Changed]) -> list[Place]:
    """Return line and description of each affected place.

    Raises:
        SyntaxError: if the text is not Python.
    """
    tree = ast.parse(text)
    found = list[Place]()
    for name in sorted(_imported(tree)):
        if name in changed:
            finder = _Finder(name, changed[name])
            finder.visit(tree)
            found += finder.found
    return sorted(set(found))


def _imported(tree: ast.Module) -> set[str]:
    """Return the APIs that a file imports."""
    names = set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "venues":
            parts = node.module.split(".")
            names |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("venues.")}
    return names


class _Finder(ast.NodeVisitor):
    """Walks one file for one API."""

    def __init__(self, api: str, changed: Changed) -> None:
        self._api = api
        self._changed = changed
        self._names = dict[str, str]()
        self._types = dict[str, Type]()
        self.found = list[Place]()

    def _report(self, node: ast.AST, what: str) -> None:
        self.found.append((getattr(node, "lineno", 1), f"{self._api}: {what}"))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:  # ast's name
        """Note what imported names mean."""
        if node.module and node.module.startswith(f"venues.{self._api}"):
            self._names |= {alias.asname or alias.name: alias.name for alias in node.names}
            if self._changed.gone:
                self._report(node, "the API is gone")

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:  # ast's name
        """Names of one function mean nothing in the next."""
        self._scope(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:  # ast's name
        """Names of one function mean nothing in the next."""
        self._scope(node)

    def _scope(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        outer = dict(self._types)
        for argument in [*node.args.args, *node.args.kwonlyargs]:
            self._annotate(argument.arg, argument.annotation)
        self.generic_visit(node)
        self._types = outer

    def _annotate(self, name: str, annotation: ast.expr | None) -> None:
        named = annotation.attr if isinstance(annotation, ast.Attribute) else getattr(annotation, "id", "")
        struct = self._names.get(str(named), str(named))
        if struct in self._changed.types:
            self._types[name] = Type("struct", struct)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:  # ast's name
        """Follow an annotated name."""
        self.generic_visit(node)
        if isinstance(node.target, ast.Name):
            self._annotate(node.target.id, node.annotation)

    def visit_Assign(self, node: ast.Assign) -> None:  # ast's name
        """Follow a response that is assigned to a name."""
        self.generic_visit(node)
        for target in node.targets:
            self._bind(target, self._type(node.value))

    def visit_For(self, node: ast.For) -> None:  # ast's name
        """Follow the members of a list."""
        self.visit(node.iter)
        typed = self._type(node.iter)
        self._bind(node.target, typed.item if typed else None)
        for statement in [*node.body, *node.orelse]:
            self.visit(statement)

    def visit_ListComp(self, node: ast.ListComp) -> None:  # ast's name
        """Follow the members of a list."""
        for generator in node.generators:
            typed = self._type(generator.iter)
            self._bind(generator.target, typed.item if typed else None)
        self.generic_visit(node)

    def _bind(self, target: ast.expr, typed: Type | None) -> None:
        if isinstance(target, ast.Name):
            # A name that gets another value no longer has the type that it had.
            self._types.pop(target.id, None)
            if typed is not None:
                self._types[target.id] = typed

    def _type(self, node: ast.expr) -> Type | None:
        """Return the type of an expression, or None if it is unknown."""
        if isinstance(node, ast.Await):
            return self._type(node.value)
        if isinstance(node, ast.Name):
            return self._types.get(node.id)
        if isinstance(node, ast.Call):
            called = self._called(node)
            return self._changed.groups[called[0]][called[1]].returns if called else None
        if isinstance(node, ast.Subscript):
            typed = self._type(node.value)
            return typed.item if typed else None
        if isinstance(node, ast.Attribute):
            owner = self._type(node.value)
            return self._changed.types.get(owner.name, {}).get(node.attr) if owner else None
        return None

    def _called(self, node: ast.Call) -> tuple[str, str] | None:
        """Return group and operation of a call."""
        target = node.func
        if not isinstance(target, ast.Attribute) or not isinstance(target.value, ast.Attribute):
            return None
        # By the names of group and operation, whatever the client is called: its type is rarely annotated.
        group, name = target.value.attr, target.attr
        return (group, name) if name in self._changed.groups.get(group, {}) else None

    def visit_Call(self, node: ast.Call) -> None:  # ast's name
        """Compare a call with the changes of its operation."""
        called = self._called(node)
        change = self._changed.operations.get(".".join(called)) if called else None
        if called and change:
            for what in _about(change, node):
                self._report(node, f"{'.'.join(called)} {what}")
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:  # ast's name
        """Compare a constant, an enum member or a field with the changes."""
        self._constant(node)
        self._member(node)
        owner = self._type(node.value)
        happened = self._changed.fields.get(owner.name, {}).get(node.attr) if owner else None
        if owner and happened:
            self._report(node, f"the field {owner.name}.{node.attr} {happened}")
        self.generic_visit(node)

    def _constant(self, node: ast.Attribute) -> None:
        for full, change in self._changed.operations.items():
            group, name = full.split(".")
            operation = self._changed.groups[group][name]
            if operation.constant == node.attr and isinstance(node.value, (ast.Name, ast.Attribute)):
                what = "is gone" if change.gone else "; ".join([*change.other, *_named(change)])
                self._report(node, f"{full} {what}")

    def _member(self, node: ast.Attribute) -> None:
        base = node.value
        name = base.attr if isinstance(base, ast.Attribute) else self._names.get(getattr(base, "id", ""), "")
        happened = self._changed.members.get(name, {}).get(node.attr)
        if happened:
            self._report(node, f"the enum member {name}.{node.attr} {happened}")


def _about(change: OperationChange, node: ast.Call) -> Iterator[str]:
    if change.gone:
        yield "is gone"
    yield from change.other
    given = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
    # `**options` may contain the parameter, so its absence proves nothing.
    spread = any(keyword.arg is None for keyword in node.keywords)
    for name, value in given.items():
        if name in change.params:
            yield f"is called with {name}, which {change.params[name]}"
        if isinstance(value, ast.Constant) and str(value.value) in change.values.get(name, set()):
            yield f"is called with {name}={value.value!r}, which is no longer valid"
    for name, happened in change.needed.items():
        if name not in given and not spread:
            yield f"is called without {name}, which {happened}"


def _named(change: OperationChange) -> list[str]:
    return [f"{name} {what}" for name, what in (change.params | change.needed).items()]
