"""Finds the uses of a client in Python code: calls, constants, enum members and fields of responses.

What names stand for is followed within one file; of other files of the project, what they export of the API is known.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from generator.drift.impact.meanings import Exported, Foreign, Keywords, Method, alternatives
from generator.drift.impact.model_changes import Changed, OperationChange
from generator.drift.impact.passing import PARTIAL, as_attribute, is_getattr
from generator.drift.impact.project import Imports
from generator.drift.impact.walk import Walker
from generator.model.types import Type

Place = tuple[int, str]


def uses_in(imports: Imports, changed: Mapping[str, Changed]) -> list[Place]:
    """Return line and description of each affected place of a file."""
    found = list[Place]()
    for name in sorted(imports.apis & changed.keys()):
        finder = _Finder(name, changed[name], imports)
        # Twice: a method may use what a later one, or the end of the file, sets.
        for _ in range(2):
            finder.found.clear()
            finder.visit(imports.tree)
        found += finder.found
    return sorted(set(found))


class _Finder(Walker):
    """Walks one file for one API."""

    def __init__(self, api: str, changed: Changed, imports: Imports) -> None:
        super().__init__(api, changed, imports)
        self.found = list[Place]()

    def report(self, node: ast.AST, what: str) -> None:
        """Add a place."""
        self.found.append((getattr(node, "lineno", 1), f"{self.api}: {what}"))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:  # noqa: N802 - ast's name
        """Note what imported names mean."""
        super().visit_ImportFrom(node)
        if self.changed.gone and self.imports.api_of(node) == self.api:
            self.report(node, "the API is gone")

    def visit_Call(self, node: ast.Call) -> None:  # noqa: N802 - ast's name
        """Compare a call with the changes of its operation."""
        if is_getattr(node):
            self.visit_Attribute(as_attribute(node))
        given = self.names.keywords(node)
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        is_partial = name in PARTIAL and bool(node.args)
        if is_partial:
            given.is_whole = False  # the rest is given later
        for called in alternatives(self.names.of(node.args[0] if is_partial else node.func)):
            if isinstance(called, Method):
                self._compare(node, called.full_name, given)
            elif isinstance(called, Exported):
                self._members_given(node, called)
        if name == "call" and node.args and (full := self._operation(node.args[0])):
            self._compare(node, full, given)
            node = ast.Call(node.func, node.args[1:], node.keywords)  # its constant is reported
        if isinstance(node.func, ast.Attribute):
            self.names.open_up(node.func.value)  # a method such as `update` may change a dictionary
        self.generic_visit(node)

    def _compare(self, node: ast.Call, full: str, given: Keywords) -> None:
        change = self.changed.operations.get(full)
        for what in _about(change, given) if change else ():
            self.report(node, f"{full} {what}")

    def _operation(self, node: ast.expr) -> str:
        """Return the operation whose constant an expression is: `operations.ORDERS_PLACE_ORDER`; empty for others."""
        meaning = self.names.of(node)
        named = meaning.name if isinstance(meaning, Exported) else node.attr if isinstance(node, ast.Attribute) else ""
        return next((full for full in self.changed.operations if self._named_by(full) == named), "")

    def _named_by(self, full: str) -> str:
        group, name = full.split(".")
        return self.changed.groups[group][name].constant

    def _members_given(self, node: ast.Call, called: Exported) -> None:
        """Compare what a struct is made of with the changes of its fields."""
        for keyword in node.keywords:
            happened = self.changed.fields.get(called.name, {}).get(keyword.arg or "")
            if happened:
                self.report(node, f"the field {called.name}.{keyword.arg} {happened}")

    def visit_Attribute(self, node: ast.Attribute) -> None:  # noqa: N802 - ast's name
        """Compare a constant, an enum member or a field with the changes."""
        owner = self.names.of(node.value)
        if not isinstance(owner, Foreign):
            self._constant(node, node.attr)
            self._member(node, node.value, node.attr)
        for part in alternatives(owner):
            happened = self.changed.fields.get(part.name, {}).get(node.attr) if isinstance(part, Type) else None
            if isinstance(part, Type) and happened:
                self.report(node, f"the field {part.name}.{node.attr} {happened}")
        self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:  # noqa: N802 - ast's name
        """Compare a constant that was imported by its name."""
        meaning = self.names.of(node)
        if isinstance(meaning, Exported) and isinstance(node.ctx, ast.Load):
            self._constant(node, meaning.name)

    def visit_Subscript(self, node: ast.Subscript) -> None:  # noqa: N802 - ast's name
        """Compare an enum member that is named by its text: `Side["BUY"]`."""
        if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
            self._member(node, node.value, node.slice.value)
        self.generic_visit(node)

    def _constant(self, node: ast.expr, named: str) -> None:
        for full, change in self.changed.operations.items():
            if self._named_by(full) == named:
                what = "is gone" if change.gone else "; ".join([*change.other, *_named(change)])
                self.report(node, f"{full} {what}")

    def _member(self, node: ast.expr, base: ast.expr, member: str) -> None:
        owner = self.names.of(base)
        name = owner.name if isinstance(owner, Exported) else base.attr if isinstance(base, ast.Attribute) else ""
        happened = self.changed.members.get(name, {}).get(member)
        if happened:
            self.report(node, f"the enum member {name}.{member} {happened}")


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
    gone = {name: f"no longer takes {', '.join(sorted(values))}" for name, values in change.values.items() if values}
    return [f"{name} {what}" for name, what in (gone | change.params | change.needed).items()]
