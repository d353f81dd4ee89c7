"""Reads what is listed outside of operations: enums, error codes, endpoints and channels."""

from __future__ import annotations

import re
from dataclasses import replace

from generator.drift.facts.announced import (
    CODE_HEADING,
    CODES_NAMED,
    OWN_CODE,
    OWN_CODES,
    code_rules,
    enum_name,
    enum_values,
    is_about_enums,
    is_about_streams,
    names_enum,
)
from generator.drift.facts.channels import channels_of
from generator.drift.facts.deprecation import with_mark_of_end
from generator.drift.facts.endings import add_end_of_value
from generator.drift.facts.facts import Fact, Facts, Key, brief
from generator.drift.facts.figures import rates_in
from generator.drift.facts.mentions import FREE
from generator.drift.facts.profile import ErrorRule, Profile
from generator.drift.facts.sections import Section, bracketed
from generator.drift.facts.tables import cells, joined_header
from generator.drift.pages.blocks import Heading, Paragraph, Table

# The value at the beginning of a list entry, and what may follow it: `1: buy`, "GTC" (good till canceled), `BUY - …`.
_VALUE = re.compile(r"[`\"“]?([A-Za-z0-9][\w-]*)[`\"”]?(?:\s*[:：(（,，=-].*|\s+\S.*|\s*)\Z")
_CODE = re.compile(r"-?\d{1,9}\Z")
# Some exchanges have words for codes: `INSUFFICIENT_FUNDS`, `order-not-found`.
_WORDS = re.compile(r"[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+|[a-z][a-z0-9]*(?:[-_.][a-z0-9]+)+")
# One row for several codes: `3100 - 3112`, `3100 to 3112`.
_RANGE = re.compile(r"`?(-?\d{1,9})`?\s*(?:-|–|~|to)\s*`?(-?\d{1,9})`?\Z")
_ERRORS = re.compile(r"\berrors?\b|错误码", re.IGNORECASE)
"""What precedes codes inside an operation; other tables of numbers there may be HTTP statuses."""
MAX_RANGE = 200  # codes; a wider one, as 1000–9999, describes a class and lists nothing
METHODS = frozenset({"GET", "POST", "PUT", "DELETE", "PATCH"})


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
        self._code: Key | None = None
        self._lists_codes = False
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
        self._enum = self._enum_of(block) if self._about_enums and not _is_item(block) else None
        self._strict = self._enum is not None
        return self._own_code(block) or self._error_line(block) or bool(self._enum) or self._meaning(block)

    def _own_code(self, block: Paragraph | Heading) -> bool:
        """Read an entry below `Error codes:`, which lists those of one operation: `1 - market is closed`."""
        if not _is_item(block):
            self._lists_codes = not self._profile.errors and OWN_CODES.fullmatch(block.text) is not None
            return False
        match = OWN_CODE.fullmatch(block.text) if self._lists_codes else None
        if match:
            self._add("errors", "code", match["code"], match["message"], block.line)
        return match is not None

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

    def _meaning(self, block: Paragraph | Heading) -> bool:
        """Read a line below a code, which says what the code means."""
        if self._code is None:
            return False
        fact = self._facts.facts[self._code]
        self._facts.facts[self._code] = replace(fact, text=f"{fact.text} {block.text}".strip())
        return True

    def _value(self, block: Paragraph, owner: str) -> bool:
        match = _VALUE.match(block.text)
        values = enum_values(block.text) if self._strict else [match[1]] if match else []
        for value in values:
            if owner:
                self._add(owner, "value", f"{self._enum}={value}", block.text, block.line)
            else:
                self._add(f"enum {self._enum}", "value", value, block.text, block.line)
        return bool(values)

    def _rules(self) -> list[ErrorRule]:
        titles = (*self._section.above, self._section.title)
        own = [rule for rule in self._profile.errors if any(rule.under.search(title) for title in titles)]
        # If the profile says where codes are, there are none elsewhere.
        return own if own or self._profile.errors else code_rules(self._section)

    def _error_line(self, block: Paragraph | Heading) -> bool:
        for rule in self._rules():
            match = rule.line.fullmatch(block.text) if rule.line else None
            if match is None and rule.line and isinstance(block, Heading) and not self._profile.errors:
                match = CODE_HEADING.fullmatch(block.text)
            if match:
                name, code = match.groupdict().get("name") or "", match.group("code")
                self._error(rule, code, match.groupdict().get("message") or "", block.line, name)
                # Lines that the profile describes are complete; after others, the meaning may follow in the next line.
                owner = "stream errors" if rule.stream else "errors"
                self._code = None if self._profile.errors else (owner, "code", code)
                return True
        return isinstance(block, Heading) and self._named_codes(block)

    def _named_codes(self, block: Heading) -> bool:
        """Add the codes that a heading about several names; each may have a section of its own, too."""
        found = list(CODES_NAMED.finditer(block.text)) if self._rules() and not self._profile.errors else []
        for match in found:
            if ("errors", "code", match["code"]) not in self._facts.facts:
                self._add("errors", "code", match["code"], "", block.line, match["name"])
        return bool(found)

    def _error(self, rule: ErrorRule, code: str, message: str, line: int, name: str = "") -> None:
        owner = "stream errors" if rule.stream else "errors"
        if (owner, "code", code) in self._facts.facts:
            self._facts.note(self._file, line, f"the code {code} is listed twice", "stray")
        self._add(owner, "code", code, message, line, name)

    def table(self, table: Table, kind: str, before: str, owner: str) -> bool:
        """Read a table that lists enums, codes, endpoints or channels; False if it lists something else."""
        rules = [rule for rule in self._rules() if rule.line is None]
        if rules and (kind == "errors" or len(rules[0].columns) == len(table.header)):
            self._errors(table, rules[0])
        elif kind == "errors" and _lists_statuses(table, self._section.title):
            # What the transport answers is no code of the exchange's own.
            return True
        elif kind == "errors" and (not owner or _ERRORS.search(before)):
            self._errors(table, ErrorRule(re.compile(""), stream=is_about_streams(self._section)))
        elif kind == "enum":
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

    def _errors(self, table: Table, rule: ErrorRule) -> None:
        header = rule.columns or tuple(self._profile.words.role(word) or "" for word in table.header)
        for row in table.rows:
            cell = dict(zip(header, (c.strip("` ") for c in row.cells), strict=False))
            codes = _codes(cell.get("code", ""))
            if not codes:
                self._facts.note(self._file, row.line, f"`{cell.get('code', '')[:40]}` is not an error code")
            for code in codes:
                self._error(rule, code, cell.get("message") or cell.get("description", ""), row.line)

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


def _lists_statuses(table: Table, title: str) -> bool:
    """Whether a table lists statuses of HTTP: its heading says so, and all of its numbers may be some."""
    numbers = [re.sub(r"\D", "", row.cells[0]) for row in table.rows if row.cells]
    return "http" in title.lower() and all(re.fullmatch(r"[1-5]\d\d", number) for number in numbers)


def _rooted(path: str) -> str:
    return path if path.startswith(("/", "http")) else f"/{path}"


def _is_item(block: Paragraph | Heading) -> bool:
    return isinstance(block, Paragraph) and block.item


def _codes(text: str) -> list[str]:
    """Return the code of a cell, or the codes of a range of them; one that is struck out is documented, too."""
    text = text.strip("~")
    span = _RANGE.match(text)
    if span and 0 < int(span.group(2)) - int(span.group(1)) <= MAX_RANGE:
        return [str(code) for code in range(int(span.group(1)), int(span.group(2)) + 1)]
    bare = text.strip("` \"'")
    return [bare] if _CODE.match(bare) or _WORDS.fullmatch(bare) else []
