"""Reads error codes: in tables, lines and headings, with what they mean."""

from __future__ import annotations

import re
from dataclasses import replace

from generator.drift.facts.announced import (
    CODE_HEADING,
    CODES_NAMED,
    OWN_CODE,
    OWN_CODES,
    code_rules,
    is_about_streams,
)
from generator.drift.facts.facts import Fact, Facts, Key
from generator.drift.facts.profile import ErrorRule, Profile
from generator.drift.facts.sections import Section
from generator.drift.pages.blocks import Heading, Paragraph, Table

_CODE = re.compile(r"-?\d{1,9}\Z")
# Some exchanges have words for codes: `INSUFFICIENT_FUNDS`, `order-not-found`.
_WORDS = re.compile(r"[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+|[a-z][a-z0-9]*(?:[-_.][a-z0-9]+)+")
# One row for several codes: `3100 - 3112`, `3100 to 3112`.
_RANGE = re.compile(r"`?(-?\d{1,9})`?\s*(?:-|–|~|to)\s*`?(-?\d{1,9})`?\Z")
_ERRORS = re.compile(r"\berrors?\b|错误码", re.IGNORECASE)
"""What precedes codes inside an operation; other tables of numbers there may be HTTP statuses."""
MAX_RANGE = 200  # codes; a wider one, as 1000–9999, describes a class and lists nothing


class CodeReader:
    """Reads the codes of one section."""

    def __init__(self, facts: Facts, profile: Profile, file: str, section: Section) -> None:
        self._facts = facts
        self._profile = profile
        self._file = file
        self._section = section
        self._code: Key | None = None
        self._lists_codes = False

    def line(self, block: Paragraph | Heading) -> bool:
        """Read a line that is a code; False if it is none."""
        return self._own_code(block) or self._error_line(block)

    def table(self, table: Table, kind: str, before: str, owner: str) -> bool:
        """Read a table of codes; False if it lists something else."""
        rules = [rule for rule in self._rules() if rule.line is None]
        if rules and (kind == "errors" or len(rules[0].columns) == len(table.header)):
            self._errors(table, rules[0])
        elif kind == "errors" and _lists_statuses(table, self._section.title):
            # What the transport answers is no code of the exchange's own.
            return True
        elif kind == "errors" and (not owner or _ERRORS.search(before)):
            self._errors(table, ErrorRule(re.compile(""), stream=is_about_streams(self._section)))
        else:
            return False
        return True

    def _add(self, owner: str, code: str, text: str, line: int, value: str = "") -> None:
        self._facts.add((owner, "code", code), Fact(value, None, text, self._file, line))

    def _own_code(self, block: Paragraph | Heading) -> bool:
        """Read an entry below `Error codes:`, which lists those of one operation: `1 - market is closed`."""
        if not is_item(block):
            self._lists_codes = not self._profile.errors and OWN_CODES.fullmatch(block.text) is not None
            return False
        match = OWN_CODE.fullmatch(block.text) if self._lists_codes else None
        if match:
            self._add("errors", match["code"], match["message"], block.line)
        return match is not None

    def meaning(self, block: Paragraph | Heading) -> bool:
        """Read a line below a code, which says what the code means."""
        if self._code is None:
            return False
        fact = self._facts.facts[self._code]
        self._facts.facts[self._code] = replace(fact, text=f"{fact.text} {block.text}".strip())
        return True

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
                self._add("errors", match["code"], "", block.line, match["name"])
        return bool(found)

    def _error(self, rule: ErrorRule, code: str, message: str, line: int, name: str = "") -> None:
        owner = "stream errors" if rule.stream else "errors"
        if (owner, "code", code) in self._facts.facts:
            self._facts.note(self._file, line, f"the code {code} is listed twice", "stray")
        self._add(owner, code, message, line, name)

    def _errors(self, table: Table, rule: ErrorRule) -> None:
        header = rule.columns or tuple(self._profile.words.role(word) or "" for word in table.header)
        for row in table.rows:
            cell = dict(zip(header, (c.strip("` ") for c in row.cells), strict=False))
            codes = _codes(cell.get("code", ""))
            if not codes:
                self._facts.note(self._file, row.line, f"`{cell.get('code', '')[:40]}` is not an error code")
            for code in codes:
                self._error(rule, code, cell.get("message") or cell.get("description", ""), row.line)


def is_item(block: Paragraph | Heading) -> bool:
    """Whether a line is an entry of a list."""
    return isinstance(block, Paragraph) and block.item


def _lists_statuses(table: Table, title: str) -> bool:
    """Whether a table lists statuses of HTTP: its heading says so, and all of its numbers may be some."""
    numbers = [re.sub(r"\D", "", row.cells[0]) for row in table.rows if row.cells]
    return "http" in title.lower() and all(re.fullmatch(r"[1-5]\d\d", number) for number in numbers)


def _codes(text: str) -> list[str]:
    """Return the code of a cell, or the codes of a range of them; one that is struck out is documented, too."""
    text = text.strip("~")
    span = _RANGE.match(text)
    if span and 0 < int(span.group(2)) - int(span.group(1)) <= MAX_RANGE:
        return [str(code) for code in range(int(span.group(1)), int(span.group(2)) + 1)]
    bare = text.strip("` \"'")
    return [bare] if _CODE.match(bare) or _WORDS.fullmatch(bare) else []
