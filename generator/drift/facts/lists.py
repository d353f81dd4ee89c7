"""Reads what is listed outside of operations: enums, endpoints and channels; codes by `CodeReader`."""

from __future__ import annotations

import re

from generator.drift.facts.announced import enum_name, enum_values, is_about_enums, names_enum
from generator.drift.facts.channels import channels_of
from generator.drift.facts.codes import CodeReader, is_item
from generator.drift.facts.deprecation import with_mark_of_end
from generator.drift.facts.endings import add_end_of_value
from generator.drift.facts.facts import Fact, Facts, brief
from generator.drift.facts.figures import rates_in
from generator.drift.facts.mentions import FREE
from generator.drift.facts.profile import Profile
from generator.drift.facts.sections import Section, bracketed
from generator.drift.facts.table_kinds import joined_header
from generator.drift.facts.tables import cells
from generator.drift.pages.blocks import Heading, Paragraph, Table
from generator.model.operations import METHODS

# The value at the beginning of a list entry, and what may follow it: `1: buy`, "GTC" (good till canceled), `BUY - …`.
_VALUE = re.compile(r"[`\"“]?([A-Za-z0-9][\w-]*)[`\"”]?(?:\s*[:：(（,，=-].*|\s+\S.*|\s*)\Z")


class ListReader:
    """Reads the lists of one section."""

    def __init__(self, facts: Facts, profile: Profile, file: str, section: Section) -> None:
        self._facts = facts
        self._profile = profile
        self._file = file
        self._section = section
        self._enum: str | None = None
        self._titled = ""
        self._strict = False
        self._codes = CodeReader(facts, profile, file, section)
        self._about_enums = not profile.enum_lists and is_about_enums(section)

    @property
    def is_open(self) -> bool:
        """Whether the next entry may be a value of the list that a line began."""
        return bool(self._enum)

    def channel(self) -> str:
        """Add all channels of the section; return the first as owner of what follows, empty if there is none."""
        found = channels_of(self._section, self._profile)
        for name in found:
            fact = Fact(file=self._file, line=self._section.line, title=self._section.title)
            self._facts.add((f"stream {brief(name)}", "channel", ""), fact)
        return f"stream {brief(found[0])}" if found else ""

    def _add(self, owner: str, kind: str, name: str, text: str, line: int, value: str = "") -> None:
        self._facts.add((owner, kind, name), Fact(value, None, text, self._file, line))
        if kind == "value":
            self._facts.listed.add(owner)
            add_end_of_value(self._facts, (owner, kind, name), text, Fact(file=self._file, line=line))

    def line(self, block: Paragraph | Heading, owner: str) -> bool:
        """Read a line that begins or continues a list; False if it does neither."""
        for pattern in self._profile.enum_lists:
            match = pattern.fullmatch(block.text)
            if match:
                self._enum = brief(match.groupdict().get("name") or block.text.strip("*: "))
                self._strict = False
                return True
        if self._enum and isinstance(block, Paragraph) and block.item:
            return self._value(block, owner)
        self._enum = self._enum_of(block) if self._about_enums and not is_item(block) else None
        self._strict = self._enum is not None
        return self._codes.line(block) or bool(self._enum) or self._codes.meaning(block)

    def _enum_of(self, block: Paragraph | Heading) -> str:
        """Return the name of the enumeration that a line introduces, or whose values it groups or explains."""
        if isinstance(block, Paragraph) and names_enum(self._section.title):
            return self._titled
        self._titled = self._name_of(block.text)
        return self._titled

    def _name_of(self, text: str) -> str:
        """Return the name of an enumeration; its title where another has the same name."""
        name = enum_name(text)
        if name.lower() in FREE:
            return ""
        title = re.split(r"[(（]", text.strip("*` "))[0].strip()
        is_taken = f"enum {name}" in self._facts.listed
        return brief(title) if is_taken and title != name else name

    def _value(self, block: Paragraph, owner: str) -> bool:
        match = _VALUE.match(block.text)
        values = enum_values(block.text) if self._strict else [match[1]] if match else []
        for value in values:
            if owner:
                self._add(owner, "value", f"{self._enum}={value}", block.text, block.line)
            else:
                self._add(f"enum {self._enum}", "value", value, block.text, block.line)
        return bool(values)

    def table(self, table: Table, kind: str, before: str, owner: str) -> bool:
        """Read a table that lists enums, codes, endpoints or channels; False if it lists something else."""
        if self._codes.table(table, kind, before, owner):
            return True
        if kind == "enum":
            self._enum_table(table, self._enum_name(table) or before or self._section.title, owner)
        elif kind in ("", "examples") and self._about_enums and self._enum and _lists_values(table):
            self._enum_table(table, self._enum, owner)
        elif kind == "" and not owner and _is_titled(table, before) and _lists_values(table):
            self._enum_table(table, table.header[0], owner)
        elif kind == "enums":
            self._enum_rows(table, owner)
        elif kind == "endpoints":
            self._endpoints(table)
        elif kind == "channels":
            self._channels(table)
        else:
            return False
        return True

    def _enum_name(self, table: Table) -> str:
        """Return the name of an enum from the headings of its table."""
        joined = joined_header(table)
        matches = (pattern.fullmatch(joined) for pattern in self._profile.enum_tables)
        return next((m.groupdict().get("name") or "" for m in matches if m), "")

    def _enum_table(self, table: Table, title: str, owner: str) -> None:
        name = brief(re.split(r"[(（:：]", title.strip('*`"“ '))[0].strip('"”` '))
        for row in table.rows:
            value, text = brief(row.cells[0].strip('`"~ ')), with_mark_of_end(row.cells[0], " ".join(row.cells[1:]))
            path = f"{name.split(' ')[0].strip(chr(34))}={value}"
            self._add(owner or f"enum {name}", "value", path if owner else value, text, row.line)

    def _enum_rows(self, table: Table, owner: str) -> None:
        members = {
            key[2].rpartition(".")[2]: key[2] for kind in ("field", "param") for key, _ in self._facts.of(kind, owner)
        }
        for row, cell in cells(table, self._profile.words):
            values = re.findall(r"`([^`]+)`", cell.get("value", "")) or re.split(r"\s*[/,、]\s*", cell.get("value", ""))
            name = brief(self._profile.nested.sub("", cell.get("name", "").strip("`* ")))
            for value in map(brief, map(str.strip, values)):
                # Below an operation, they are those of its parameter.
                if owner:
                    self._add(owner, "value", f"{members.get(name, name)}={value}", "", row.line)
                else:
                    self._add(f"enum {name}", "value", value, "", row.line)

    def _endpoints(self, table: Table) -> None:
        roles = [self._profile.words.role(word) for word in table.header]
        # The last column with a path: a table may have the group's path before that of the call.
        methods, paths = roles.index("method"), len(roles) - 1 - roles[::-1].index("path")
        for row in table.rows:
            method, path = row.cells[methods].strip("` ").upper(), row.cells[paths].strip("` ").split("?")[0]
            # Tables of limits name calls by their titles, or forget the slash.
            if method in METHODS and "/" in path and " " not in path:
                owner = f"{method} {bracketed(_rooted(path))}"
                self._add(owner, "operation", "", " ".join(row.cells), row.line)
                if rates := rates_in(row.cells):
                    self._add(owner, "limit", "", "", row.line, rates)

    def _channels(self, table: Table) -> None:
        for row, cell in cells(table, self._profile.words):
            self._add(
                f"stream {brief(cell['channel'].strip('`'))}", "channel", "", cell.get("description", ""), row.line
            )


def _lists_values(table: Table) -> bool:
    """Whether the first cells of all rows are values."""
    return all(row.cells and re.fullmatch(r"[`\"“]?[\w-]+[`\"”]?", row.cells[0].strip("* ")) for row in table.rows)


def _is_titled(table: Table, before: str) -> bool:
    """Whether the line above a table is its first heading: then that is the name of what its rows are values of."""
    heading, line = (re.sub(r"[\W_]", "", text).lower() for text in (table.header[0], before))
    return heading != "" and line in (heading, f"{heading}s")


def _rooted(path: str) -> str:
    return path if path.startswith(("/", "http")) else f"/{path}"
