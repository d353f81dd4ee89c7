"""Follows what expressions stand for in one file of Python code: clients, groups, methods, responses, keyword arguments.

Values are followed through assignments and through what functions of the file return; what other code does with them is
not seen.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from generator.drift.impact.annotations import meaning_of
from generator.drift.impact.meanings import (
    Client,
    Exported,
    Foreign,
    Function,
    Group,
    Instance,
    Keywords,
    Local,
    Meaning,
    Method,
    Several,
    alternatives,
    either,
    item_of,
)
from generator.drift.impact.model_changes import Changed
from generator.drift.impact.passing import as_attribute, is_getattr, passed
from generator.drift.impact.project import PACKAGE
from generator.drift.impact.scopes import Scopes
from generator.model.types import Type
from generator.words.paging import iter_name


class Names:
    """What the names of one file stand for."""

    def __init__(self, changed: Changed, api: str) -> None:
        self.scopes = Scopes()
        self._changes = 0
        self._followed = dict[ast.expr, tuple[int, Meaning | None]]()
        self._changed = changed
        self._api = api
        self._known: dict[type[ast.expr], Callable[..., Meaning | None]] = {  # Callable[...]: each takes its own node
            ast.Await: lambda node: self.of(node.value),
            ast.NamedExpr: lambda node: self.of(node.value),
            ast.Starred: lambda node: self.of(node.value),
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.Call: self._call,
            ast.Dict: self._dictionary,
            ast.IfExp: lambda node: either([self.of(node.body), self.of(node.orelse)]),
            ast.BoolOp: lambda node: either(map(self.of, node.values)),
            ast.Subscript: self._subscript,
            ast.Tuple: self._tuple,
            ast.List: self._tuple,
            ast.ListComp: self._comprehension,
            ast.GeneratorExp: self._comprehension,
        }

    def of(self, node: ast.expr) -> Meaning | None:
        """Return what an expression stands for, or None if that is unknown."""
        follow = self._known.get(type(node))
        if follow is None:
            return None
        # Remembered until a name changes: each link of `a.b().c()` asks for the links before it, more than once.
        state = self.scopes.changes + self._changes
        known = self._followed.get(node)
        if known is None or known[0] != state:
            known = (state, follow(node))
            # What was bound on the way, as in a comprehension, is unbound again.
            self._followed[node] = (self.scopes.changes + self._changes, known[1])
        return known[1]

    def annotated(self, annotation: ast.expr | None) -> Meaning | None:
        """Return what a value with an annotation is."""
        return meaning_of(annotation, self.of, self._changed)

    def bind(self, target: ast.expr, meaning: Meaning | None) -> None:
        """Note that a name or an attribute has another value now."""
        if isinstance(target, ast.Subscript):
            self._put(target)
        elif isinstance(target, (ast.Tuple, ast.List)):
            parts = meaning.parts if isinstance(meaning, Several) else ()
            for index, part in enumerate(target.elts):
                self.bind(part, parts[index] if len(parts) == len(target.elts) else item_of(meaning))
        elif isinstance(target, ast.Starred):
            self.bind(target.value, meaning)
        elif isinstance(target, ast.Name):
            self.scopes.bind(target.id, meaning)
        elif isinstance(target, ast.Attribute):
            self._bind_attribute(target, meaning)

    def _bind_attribute(self, target: ast.Attribute, meaning: Meaning | None) -> None:
        owner = self.of(target.value)
        if isinstance(owner, Instance):
            # Of several assignments in a class, any may have been the last one.
            members = owner.of.members
            self._changes += 1
            members[target.attr] = either([members[target.attr], meaning]) if members.get(target.attr) else meaning
        elif owner is None:
            self.scopes.bind(ast.unparse(target), meaning)

    def _put(self, target: ast.Subscript) -> None:
        """Note that a dictionary has one member more; which value it has does not matter."""
        whole = self.of(target.value)
        self._changes += 1
        if isinstance(whole, Keywords):
            key = getattr(target.slice, "value", None)
            if isinstance(key, str):
                whole.given[key] = ast.Name("_", ast.Load())
            else:
                whole.is_whole = False

    def open_up(self, name: ast.expr) -> None:
        """Note that a dictionary was changed in a way that is not followed."""
        whole = self.of(name)
        self._changes += 1
        if isinstance(whole, Keywords):
            whole.is_whole = False

    def _name(self, node: ast.Name) -> Meaning | None:
        return self.scopes.find(node.id)

    def _attribute(self, node: ast.Attribute) -> Meaning | None:
        owner = self.of(node.value)
        if owner is not None:
            return either(self._member(part, node.attr) for part in alternatives(owner))
        path = ast.unparse(node) if isinstance(node.value, (ast.Name, ast.Attribute)) else ""
        return self.scopes.find(path) if self.scopes.has(path) else self._group(node.attr)

    def _member(self, owner: Meaning, name: str) -> Meaning | None:
        if isinstance(owner, Type):
            return self._changed.types.get(owner.name, {}).get(name)
        if isinstance(owner, Group):
            return self._method(owner.name, name)
        if isinstance(owner, Client):
            return self._group(name)
        if isinstance(owner, (Instance, Local)):
            return self._of_class(owner.of if isinstance(owner, Instance) else owner, name)
        if isinstance(owner, Exported):
            return Foreign() if owner.name == PACKAGE and name != self._api else Exported(name)
        return owner if isinstance(owner, Foreign) else None

    def _group(self, name: str) -> Group | None:
        # By the name of the group, whatever the client is called: its type is often not annotated.
        return Group(name) if name in self._changed.groups else None

    def _of_class(self, known: Local, name: str) -> Meaning | None:
        if known.members.get(name) is not None:
            found = known.members[name]
            return found.returns if isinstance(found, Function) and found.is_property else found
        inherited = [self._of_class(base, name) for base in known.bases if isinstance(base, Local)]
        return either(inherited) or self._group(name)

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
        if is_getattr(node):
            return self.of(as_attribute(node))
        called = self.of(node.func)
        if called is None or isinstance(called, Foreign):
            given = self._passed(name, node)
            return given if given is not None or called is None else self._made_by(node.func)
        return either(self._result(part) for part in alternatives(called))

    def _passed(self, name: str, node: ast.Call) -> Meaning | None:
        if name == "cast" and len(node.args) > 1:
            return self.annotated(node.args[0])
        owner = self.of(node.func.value) if isinstance(node.func, ast.Attribute) else None
        return passed(name, owner, [self.of(argument) for argument in node.args])

    def _made_by(self, func: ast.expr) -> Meaning | None:
        # A function of another module may return a client; what its classes make, and its modules, are its own.
        name = getattr(func, "id", "")
        return None if name and name[:1].islower() else Foreign()

    def _result(self, called: Meaning) -> Meaning | None:
        if isinstance(called, Exported):
            if called.name in self._changed.client_classes or called.name == "from_env":
                return Client()
            return Type("struct", called.name) if called.name in self._changed.types else None
        if isinstance(called, Local):
            return Client() if self._is_client(called) else Instance(called)
        if isinstance(called, Function):
            return called.returns
        if isinstance(called, Method):
            operation = self._changed.groups[called.group][called.name]
            if called.iterates and operation.paging:
                return Type("list", item=operation.paging.item)
            return operation.returns
        return None

    def _is_client(self, known: Local) -> bool:
        """Whether a class without members of its own is a client by another name."""
        bases = (base for base in known.bases if isinstance(base, Exported))
        return not known.members and any(base.name in self._changed.client_classes for base in bases)

    def _subscript(self, node: ast.Subscript) -> Meaning | None:
        whole = self.of(node.value)
        if isinstance(whole, Several):
            at = getattr(node.slice, "value", None)
            return whole.parts[at] if isinstance(at, int) and -len(whole.parts) <= at < len(whole.parts) else None
        return whole if isinstance(node.slice, ast.Slice) else item_of(whole)

    def _tuple(self, node: ast.Tuple | ast.List) -> Several:
        return Several(tuple(map(self.of, node.elts)))

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp) -> Meaning | None:
        with self.scopes.inner({}):
            for generator in node.generators:
                self.bind(generator.target, item_of(self.of(generator.iter)))
            item = self.of(node.elt)
        return Type("list", item=item) if isinstance(item, Type) else None

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
