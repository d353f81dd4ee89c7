"""Reads the tables of parameters and fields in a section."""

from __future__ import annotations

import re

from generator.drift.facts.bounds import bounds_of
from generator.drift.facts.endings import add_ends
from generator.drift.facts.facts import SECTION, Fact
from generator.drift.facts.state import State
from generator.drift.facts.tables import Entry, Position, entries, is_container, is_nothing
from generator.drift.facts.values import values_in
from generator.drift.pages.blocks import Row, Table


class TableReader:
    """Adds the rows of tables, each under what it lies in."""

    def __init__(self, state: State, *, marked: bool) -> None:
        self._state = state
        self._marked = marked
        self._containers = dict[str, str]()
        self._stray = False

    def read(self, table: Table, kind: str) -> None:
        """Add parameters or fields, as `kind` says."""
        found = list[Entry]()
        # A second table under a heading of its own, such as `Limit order parameters`, holds for some calls only.
        before = self._state.before
        is_conditional = self._state.listed and "param" in before.lower() and not self._state.profile.role_of(before)
        convention = self._marked and kind == "param" and not is_conditional
        for entry in entries(table, self._state.profile, self._state.sample, convention=convention):
            if isinstance(entry, Row):
                self._unread(entry)
            elif isinstance(entry, Position):
                self._position(entry)
            else:
                found.append(entry)
        # `None` in the only row is an answer: nothing is missing under that label.
        if not found and all(is_nothing(row.cells[0]) for row in table.rows if row.cells):
            self._state.awaited.pop(self._state.role or "", None)
        prefix = self._prefix() if kind == "param" else ""
        stray = kind == "param" and self._is_stray(found, prefix)
        for entry in found:
            self._entry(entry, kind, prefix, stray=stray)

    def _unread(self, row: Row) -> None:
        if any(row.cells):
            self._state.note(row.line, f"a row was not read: `{' | '.join(row.cells)[:100]}` has no name")

    def _position(self, found: Position) -> None:
        fact = Fact(found.type, text=found.text, line=found.line, title=found.name)
        self._state.add_position(found.of, found.at, fact)
        # Apart from the fields: a draft makes an array of them, and a spec has no names for positions.
        fact = Fact(found.name or found.type, text=f"{found.name} {found.text}".strip(), line=found.line)
        self._state.add("position", f"{found.of}[{found.at}]", fact)

    def _prefix(self) -> str:
        """Return the path above a table's names, if the line before it names a list or object among the parameters."""
        words = set(re.findall(r"[A-Za-z_]\w*", self._state.before)) if len(self._state.before) < 200 else set()
        for name, kind in reversed(self._containers.items()):
            if name in words:
                return f"{name}[]." if re.search(r"array|list|\[\]", kind, re.IGNORECASE) else f"{name}."
        return ""

    def _is_stray(self, found: list[Entry], prefix: str) -> bool:
        """Whether a table repeats a parameter of this request: then it was pasted from another one."""
        paths = {prefix + entry.path for entry in found}
        if not prefix:
            self._stray = bool(paths & (set(self._state.listed) - self._state.shown))
        return self._stray

    def _entry(self, entry: Entry, kind: str, prefix: str, *, stray: bool) -> None:
        path = prefix + entry.path
        if kind == "param":
            self._state.listed.append(path)
            if is_container(entry.type):
                self._containers[path] = entry.type
        if stray:
            self._state.awaited.pop("params", None)
            self._state.facts.strays.append((self._state.owner, kind, path))
            self._state.note(
                entry.line, f"{self._state.owner}: the parameter `{path}` is in a second table, too; ignored", "stray"
            )
            return
        self._state.answered = self._state.answered or kind == "field"
        if kind == "param" and path in self._state.shown:  # a table says more than the sample above it
            self._state.shown.discard(path)
            self._state.facts.facts.pop((self._state.owner, "param", path), None)
        self._state.add(kind, path, Fact(entry.type, entry.required, entry.text, line=entry.line))
        for what, fact in bounds_of(entry.text, kind, entry.line):
            self._state.add(what, path, fact)
        if entry.required is None and kind == "param" and not self._state.owner.startswith(SECTION):
            self._state.note(
                entry.line, f"{self._state.owner}: the page does not say whether `{path}` is required", "unmarked"
            )
        values = entry.allowed or values_in(entry.text, self._finders(entry.type))
        for value in values:
            self._state.add("value", f"{path}={value}", Fact(line=entry.line))
        at = Fact(file=self._state.file, line=entry.line)
        add_ends(self._state.facts, (self._state.owner, kind, path), entry.text, values, at)

    def _finders(self, typed: str) -> list[str]:
        """Return the ways to find values of a type: what is said of objects is about their members."""
        if re.search(r"object|map|dict", typed, re.IGNORECASE):
            return []
        # Words in capitals beside a list say what it is for, such as `TP/SL`.
        loose = ("choices", "slashes", "commas") if is_container(typed) else ()
        return [finder for finder in self._state.profile.finders if finder not in loose]
