"""Finds the uses of a client in Python code: calls, constants, enum members and fields of responses.

Only names are followed, within one file: what another function does with a response, or with a client's method, is not
seen.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from generator.drift.impact.model_changes import Changed, OperationChange
from generator.drift.impact.names import PARTIAL, Keywords, Method, Names, as_attribute, is_getattr
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
        self._values = Names(changed)
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
        outer = self._values.enter()
        for argument in [*node.args.args, *node.args.kwonlyargs]:
            self._annotate(ast.Name(argument.arg, ast.Store()), argument.annotation)
        self.generic_visit(node)
        self._values.leave(outer)

    def _annotate(self, target: ast.expr, annotation: ast.expr | None) -> None:
        named = annotation.attr if isinstance(annotation, ast.Attribute) else getattr(annotation, "id", "")
        struct = self._names.get(str(named), str(named))
        self._values.bind(target, Type("struct", struct) if struct in self._changed.types else None)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:  # ast's name
        """Follow an annotated name."""
        self.generic_visit(node)
        self._annotate(node.target, node.annotation)
        if node.value is not None and (meaning := self._values.of(node.value)) is not None:
            self._values.bind(node.target, meaning)

    def visit_Assign(self, node: ast.Assign) -> None:  # ast's name
        """Follow a response, a group, a method or a dictionary that is assigned to a name."""
        self.generic_visit(node)
        for target in node.targets:
            self._values.assign(target, node.value)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:  # ast's name
        """Follow what is assigned within an expression."""
        self.generic_visit(node)
        self._values.bind(node.target, self._values.of(node.value))

    def visit_For(self, node: ast.For) -> None:  # ast's name
        """Follow the members of a list."""
        self._loop(node)

    def visit_AsyncFor(self, node: ast.AsyncFor) -> None:  # ast's name
        """Follow the items of all pages."""
        self._loop(node)

    def _loop(self, node: ast.For | ast.AsyncFor) -> None:
        self.visit(node.iter)
        typed = self._values.type_of(node.iter)
        self._values.bind(node.target, typed.item if typed else None)
        for statement in [*node.body, *node.orelse]:
            self.visit(statement)

    def visit_ListComp(self, node: ast.ListComp) -> None:  # ast's name
        """Follow the members of a list."""
        self._comprehend(node)

    def visit_SetComp(self, node: ast.SetComp) -> None:  # ast's name
        """Follow the members of a list."""
        self._comprehend(node)

    def visit_DictComp(self, node: ast.DictComp) -> None:  # ast's name
        """Follow the members of a list."""
        self._comprehend(node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:  # ast's name
        """Follow the members of a list."""
        self._comprehend(node)

    def _comprehend(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> None:
        for generator in node.generators:
            typed = self._values.type_of(generator.iter)
            self._values.bind(generator.target, typed.item if typed else None)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:  # ast's name
        """Compare a call with the changes of its operation."""
        if is_getattr(node):
            self.visit_Attribute(as_attribute(node))
        called, given = self._called(node)
        change = self._changed.operations.get(called.full_name) if called else None
        if called and change:
            for what in _about(change, given):
                self._report(node, f"{called.full_name} {what}")
        if isinstance(node.func, ast.Attribute):
            self._values.open_up(node.func.value)  # a method such as `update` may change a dictionary
        self.generic_visit(node)

    def _called(self, node: ast.Call) -> tuple[Method | None, Keywords]:
        """Return the method that is called, or prepared by `partial`, and what it is given."""
        given = self._values.keywords(node)
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        is_partial = name in PARTIAL and bool(node.args)
        called = self._values.of(node.args[0] if is_partial else node.func)
        if is_partial:
            given.is_whole = False  # the rest is given later
        return (called if isinstance(called, Method) else None), given

    def visit_Attribute(self, node: ast.Attribute) -> None:  # ast's name
        """Compare a constant, an enum member or a field with the changes."""
        self._constant(node)
        self._member(node)
        owner = self._values.type_of(node.value)
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


def _about(change: OperationChange, call: Keywords) -> Iterator[str]:
    if change.gone:
        yield "is gone"
    yield from change.other
    for name, value in call.given.items():
        if name in change.params:
            yield f"is called with {name}, which {change.params[name]}"
        if isinstance(value, ast.Constant) and str(value.value) in change.values.get(name, set()):
            yield f"is called with {name}={value.value!r}, which is no longer valid"
    for name, happened in change.needed.items():
        # What is not known to be left out proves nothing.
        if name not in call.given and call.is_whole:
            yield f"is called without {name}, which {happened}"


def _named(change: OperationChange) -> list[str]:
    return [f"{name} {what}" for name, what in (change.params | change.needed).items()]
