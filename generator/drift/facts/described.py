"""Reads the facts of an OpenAPI or Swagger document, which states them without prose."""

from __future__ import annotations

from functools import cached_property

from generator.drift.facts.described_operation import OperationReader
from generator.drift.facts.described_rules import add_rules
from generator.drift.facts.endings import key_of_end
from generator.drift.facts.facts import Fact, Facts, brief
from generator.drift.facts.nodes import ended_values, items_of, list_of, values_of
from generator.drift.facts.profile import Profile
from generator.drift.facts.sections import bracketed
from generator.drift.pages.openapi import Description, Node

METHODS = ("get", "put", "post", "delete", "patch", "head", "options")


def described_facts(described: Description, profile: Profile) -> Facts:
    """Return everything that a description states of operations, types, addresses and codes."""
    facts = Facts()
    _Reader(described, facts, profile).read()
    for target in dict.fromkeys(described.lost):
        facts.note(described.file, 1, f"the reference `{target[:100]}` leads nowhere")
    return facts


class _Reader:
    def __init__(self, described: Description, facts: Facts, profile: Profile) -> None:
        self._described = described
        self._facts = facts
        self._profile = profile
        self._root: dict[str, Node] = described.root if isinstance(described.root, dict) else {}

    def read(self) -> None:
        add_rules(self._described, self._facts)
        base = str(self._root.get("basePath") or "").rstrip("/")
        for path, item in items_of(self._root.get("paths")):
            found, file = self._described.resolve(item)
            for method in METHODS:
                if isinstance(found.get(method), dict):
                    owner = f"{method.upper()} {bracketed(base + path)}"
                    one = OperationReader(self._described, self._facts, owner, self._described.line_of(path))
                    one.read(found[method], found.get("parameters"), file, self._auth_of(found[method]))
                    one.read_figures(str(found[method].get("description") or ""), self._profile)
        self._enums()
        for code, entry in items_of(self._root.get("x-error-codes")):
            message = str(entry.get("message", "")) if isinstance(entry, dict) else ""
            self._facts.add(("errors", "code", str(code)), Fact(text=message, file=self._described.file, line=1))

    def _auth_of(self, operation: dict[str, Node]) -> str:
        """Return whether a call is `signed` or `none`, as the document says; empty if it says so of no call."""
        needed = operation.get("security", self._root.get("security"))
        return ("signed" if any(list_of(needed)) else "none") if self._is_secured else ""

    @cached_property
    def _is_secured(self) -> bool:
        """Whether the document says of some calls what secures them."""
        items = (self._described.resolve(item)[0] for _, item in items_of(self._root.get("paths")))
        calls = [item[method] for item in items for method in METHODS if isinstance(item.get(method), dict)]
        return any(list_of(each.get("security")) for each in (self._root, *calls))

    def _enums(self) -> None:
        components, _ = self._described.resolve(self._root.get("components") or {})
        for name, schema in (*items_of(components.get("schemas")), *items_of(self._root.get("definitions"))):
            found, _ = self._described.resolve(schema)
            for value in values_of(found):
                self._facts.add((f"enum {brief(name)}", "value", value), Fact(file=self._described.file, line=1))
            for value in ended_values(found):
                end = Fact("deprecated", file=self._described.file, line=1)
                self._facts.add(key_of_end(f"enum {brief(name)}", "value", value), end)
