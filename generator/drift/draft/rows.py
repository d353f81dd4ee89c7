"""Fills the rows of a draft: texts proposed from names, the page's words as comments, figures.

A draft asks for them once, in the group or struct that holds them; row by row, the questions would hide the decisions
that matter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from generator.drift.edit.answers import name_apart
from generator.drift.edit.files import SpecFiles
from generator.drift.edit.shapes import TODO
from generator.drift.edit.stated import comment_of, figures_in, proposed_text, words_alone
from generator.drift.edit.yaml_edit import flow
from generator.drift.facts.facts import Fact, Facts
from generator.model.paging import PAGES

ONCE = "the texts below are proposed from names; reword them after the comments, which are the page's words"
Node = Any  # ruamel's maps


class Rows:
    """Knows what the pages state of parameters and fields."""

    def __init__(self, facts: Facts, files: SpecFiles) -> None:
        self._facts = facts
        self._files = files
        self._done = set[str]()

    def fill(self, owner: str, entry: Mapping[str, Node]) -> None:
        """Fill the rows of a new operation, and of the structs that it added."""
        params = entry.get("params") or {}
        self._fill(params, lambda wire: self._params(owner).get(wire, Fact()))
        for wire, row in params.items():
            if not row.get("required") and (only := self._only(params, self._params(owner).get(wire, Fact()).text)):
                row.setdefault("only", flow(only))
        fields = self._fields(owner)
        answered = (entry.get("struct") or {}).get("fields") or {}
        self._fill(answered, lambda wire: fields.get(wire, Fact()))
        structs = self._files.editor("types.yaml").doc.get("structs") or {}
        below = fields | {wire.rpartition(".")[2]: fact for wire, fact in self._params(owner).items()}
        for name in structs.keys() - self._done:
            self._done.add(name)
            self._fill(structs[name]["fields"], lambda wire: below.get(wire, Fact()))

    def fill_all(self) -> None:
        """Fill the rows that are left, wherever they stand."""
        for file in self._files.groups():
            for entry in self._files.editor(file).doc.get("operations") or []:
                self._done |= (self._files.editor("types.yaml").doc.get("structs") or {}).keys()
                name_apart((entry.get("struct") or {}).get("fields") or {})
                self.fill(str(entry["request"]), entry)
        stated = {key[2].rpartition(".")[2]: fact for key, fact in (*self._facts.of("param"), *self._facts.of("field"))}
        for struct in (self._files.editor("types.yaml").doc.get("structs") or {}).values():
            name_apart(struct["fields"])
            self._fill(struct["fields"], lambda wire: stated.get(wire, Fact()))

    def _only(self, params: Node, text: str) -> dict[str, list[object]]:
        """Return with which values of another parameter one exists: of `option` only, where a call asks for a category."""
        said = words_alone(text)
        for wire, row in params.items() if said else ():
            known = self._members(str(row["type"])) if row.get("required") else {}
            if known and said <= known.keys() and len(said) < len(known):
                return {wire: [value for word, value in known.items() if word in said]}
        return {}

    def _params(self, owner: str) -> dict[str, Fact]:
        return {key[2]: fact for key, fact in self._facts.of("param", owner)}

    def _fields(self, owner: str) -> dict[str, Fact]:
        """Return the fields of an answer by their last names: tables are flat where samples are deep."""
        found = dict[str, Fact]()
        for kind in ("field", "sample"):
            for key, fact in self._facts.of(kind, owner):
                leaf = key[2].rpartition(".")[2].removesuffix("[]")
                if fact.text and leaf not in found:
                    found[leaf] = fact
        return found

    def _fill(self, rows: Node, stated: Callable[[str], Fact]) -> None:
        for wire, row in rows.items():
            if not str(row["doc"]).startswith(TODO):
                continue
            text = stated(wire).text
            # A name that can't be derived is a decision of its own.
            name = str(row.get("name", wire))
            row["doc"] = f"{TODO}name it, and say what it means." if name.startswith("todo_") else proposed_text(wire)
            if words := comment_of(text):
                rows.yaml_add_eol_comment(f"page: {words}", wire, column=0)
            if "required" not in row and "optional" not in row and wire.lower() not in PAGES - {"limit"}:
                self._add_figures(row, text)

    def _add_figures(self, row: Node, text: str) -> None:
        for key, value in figures_in(text, str(row["type"]), self._members(str(row["type"]))).items():
            row.setdefault(key, value)

    def _members(self, typed: str) -> dict[str, object]:
        enum = (self._files.editor("types.yaml").doc.get("enums") or {}).get(typed) or {}
        return {str(member["value"]): member["value"] for member in enum.get("members") or []}
