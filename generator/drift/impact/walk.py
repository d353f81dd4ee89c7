"""Walks the statements of one file in their order, and notes what each name stands for."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from generator.drift.impact.meanings import Exported, Foreign, Function, Instance, Local, Meaning, either, item_of
from generator.drift.impact.model_changes import Changed
from generator.drift.impact.names import Names
from generator.drift.impact.project import PACKAGE, Imports

_Loop = ast.For | ast.AsyncFor
_With = ast.With | ast.AsyncWith
_Def = ast.FunctionDef | ast.AsyncFunctionDef
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_PROPERTIES = ("property", "cached_property")


class Walker(ast.NodeVisitor):
    """Follows assignments, imports, functions, classes and branches; each visitor has the name that `ast` gives it."""

    def __init__(self, api: str, changed: Changed, imports: Imports) -> None:
        self.api = api
        self.changed = changed
        self.imports = imports
        self.names = Names(changed, api)
        self._classes = dict[ast.ClassDef, Local]()
        self._functions = dict[ast.AST, Function]()
        self._class: Local | None = None
        self._returned: list[Meaning | None] | None = None

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Note what imported names mean."""
        exported = self.imports.exported(node, self.api)
        for alias in node.names:
            name = exported.get(alias.name)
            meaning: Meaning | None = Exported(name) if name else None
            if meaning is None and self.imports.is_foreign(node, self.api):
                meaning = Foreign()
            self.names.scopes.bind(alias.asname or alias.name, meaning)
        if any(alias.name == "*" for alias in node.names):
            for name, original in exported.items():
                self.names.scopes.bind(name, Exported(original))

    def visit_Import(self, node: ast.Import) -> None:
        """Note what imported modules mean: the package itself has the API as a member."""
        for alias in node.names:
            top = alias.name.split(".")[0]
            named = alias.name if alias.asname else top
            self.names.scopes.bind(alias.asname or top, self._module(named, top))

    def _module(self, named: str, top: str) -> Meaning | None:
        if top != PACKAGE:
            return Foreign() if self.imports.is_other(top) else None
        return Exported(named) if named == PACKAGE or named.split(".")[1] == self.api else Foreign()

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Follow the members of a class, which its methods share."""
        known = self._classes.setdefault(node, Local())
        known.bases = tuple(map(self.names.of, node.bases))
        self.names.scopes.bind(node.name, known)
        for decorator in [*node.decorator_list, *node.bases]:
            self.visit(decorator)
        outer, self._class = self._class, known
        with self.names.scopes.inner({}, is_class=True):
            for statement in node.body:
                self.visit(statement)
            for name, meaning in self.names.scopes.innermost.items():
                known.members[name] = meaning or known.members.get(name)
        self._class = outer

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Names of one function mean nothing in the next."""
        self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        """Names of one function mean nothing in the next."""
        self._function(node)

    def _function(self, node: _Def) -> None:
        marks = {getattr(mark, "attr", getattr(mark, "id", "")) for mark in node.decorator_list}
        known = self._functions.setdefault(node, Function(is_property=bool(marks & {*_PROPERTIES})))
        for part in [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]:
            self.visit(part)
        self.names.scopes.bind(node.name, known)
        arguments = self._arguments(node.args, None if "staticmethod" in marks else self._class)
        (outer, self._class), (others, self._returned) = (self._class, None), (self._returned, [])
        with self.names.scopes.inner(arguments):
            for statement in node.body:
                self.visit(statement)
        known.returns = self.names.annotated(node.returns) or either(self._returned or ())
        self._class, self._returned = outer, others

    def _arguments(self, args: ast.arguments, of: Local | None) -> dict[str, Meaning | None]:
        listed = [*args.posonlyargs, *args.args]
        defaults: Sequence[ast.expr | None] = [*[None] * (len(listed) - len(args.defaults)), *args.defaults]
        found = dict[str, Meaning | None]()
        for argument, default in [
            *zip(listed, defaults, strict=True),
            *zip(args.kwonlyargs, args.kw_defaults, strict=True),
        ]:
            said = self.names.annotated(argument.annotation)
            found[argument.arg] = said or (self.names.of(default) if default else None)
        found |= {argument.arg: None for argument in (args.vararg, args.kwarg) if argument}
        if of is not None and listed:
            found[listed[0].arg] = Instance(of)
        return found

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """Arguments hide names outside."""
        with self.names.scopes.inner(self._arguments(node.args, None)):
            self.visit(node.body)

    def visit_Return(self, node: ast.Return) -> None:
        """Note what a function returns."""
        self._give(node)

    def visit_Yield(self, node: ast.Yield) -> None:
        """Note what a context manager gives."""
        self._give(node)

    def _give(self, node: ast.Return | ast.Yield) -> None:
        self.generic_visit(node)
        if node.value is not None and self._returned is not None:
            self._returned.append(self.names.of(node.value))

    def visit_Global(self, node: ast.Global) -> None:
        """Assignments in a function may be those of the module."""
        self.names.scopes.outside(node.names)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Follow an annotated name."""
        self.generic_visit(node)
        said = self.names.annotated(node.annotation)
        self.names.bind(node.target, (self.names.of(node.value) if node.value else None) or said)

    def visit_Assign(self, node: ast.Assign) -> None:
        """Follow what is assigned to a name, or to several."""
        self.generic_visit(node)
        meaning = self.names.of(node.value)
        for target in node.targets:
            self.names.bind(target, meaning)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        """Follow what is assigned within an expression."""
        self.generic_visit(node)
        self.names.bind(node.target, self.names.of(node.value))

    def visit_For(self, node: ast.For) -> None:
        """Follow the members of a list."""
        self._loop(node)

    def visit_AsyncFor(self, node: ast.AsyncFor) -> None:
        """Follow the items of all pages."""
        self._loop(node)

    def _loop(self, node: _Loop) -> None:
        self.visit(node.iter)
        self.names.bind(node.target, item_of(self.names.of(node.iter)))
        for statement in [*node.body, *node.orelse]:
            self.visit(statement)

    def visit_With(self, node: ast.With) -> None:
        """Follow what a context gives."""
        self._with(node)

    def visit_AsyncWith(self, node: ast.AsyncWith) -> None:
        """Follow what a context gives."""
        self._with(node)

    def _with(self, node: _With) -> None:
        for item in node.items:
            self.visit(item.context_expr)
            if item.optional_vars is not None:
                self.names.bind(item.optional_vars, self.names.of(item.context_expr))
        for statement in node.body:
            self.visit(statement)

    def visit_If(self, node: ast.If) -> None:
        """Only one branch runs."""
        self.visit(node.test)
        self._branches([node.body, node.orelse])

    def visit_Try(self, node: ast.Try) -> None:
        """What failed may have bound its names, or not."""
        self._branches([[*node.body, *node.orelse], *([*handler.body] for handler in node.handlers)])
        for statement in node.finalbody:
            self.visit(statement)

    def visit_Match(self, node: ast.Match) -> None:
        """Only one case runs, or none."""
        self.visit(node.subject)
        self._branches([[case.pattern, *filter(None, [case.guard]), *case.body] for case in node.cases] + [[]])

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        """A name in a pattern is another one."""
        self.generic_visit(node)
        if node.name:
            self.names.scopes.bind(node.name, None)

    def _branches(self, branches: Sequence[Sequence[ast.AST]]) -> None:
        with self.names.scopes.branches() as merged:
            for branch in branches:
                for statement in branch:
                    self.visit(statement)
                merged.end()

    def visit_ListComp(self, node: ast.ListComp) -> None:
        """Follow the members of a list."""
        self._comprehend(node)

    def visit_SetComp(self, node: ast.SetComp) -> None:
        """Follow the members of a list."""
        self._comprehend(node)

    def visit_DictComp(self, node: ast.DictComp) -> None:
        """Follow the members of a list."""
        self._comprehend(node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        """Follow the members of a list."""
        self._comprehend(node)

    def _comprehend(self, node: _Comprehension) -> None:
        with self.names.scopes.inner({}):
            for generator in node.generators:
                self.names.bind(generator.target, item_of(self.names.of(generator.iter)))
            self.generic_visit(node)
