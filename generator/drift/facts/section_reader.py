"""Reads one section of a page: its operation or channel, with tables, samples and lines of figures."""

from __future__ import annotations

import re
from dataclasses import replace

from generator.drift.facts.announced import is_about_codes
from generator.drift.facts.coverage import UNUSED_TABLE
from generator.drift.facts.deprecation import end_of, speaks_of_end
from generator.drift.facts.facts import Fact, Facts
from generator.drift.facts.lists import ListReader
from generator.drift.facts.profile import Profile, SampleRule
from generator.drift.facts.programs import is_program
from generator.drift.facts.samples import Member, Sample, read_sample
from generator.drift.facts.sections import Section, queried, request_of
from generator.drift.facts.tables import Entry, cells, entries, is_container, is_nothing, kind_of
from generator.drift.facts.values import values_in
from generator.drift.pages.blocks import Block, Code, Heading, Paragraph, Row, Table

AWAITED = frozenset({"params", "body", "fields"})
REFUSAL = frozenset({"code", "msg", "message", "success", "error", "errmsg", "errcode"})
NO_SAMPLE = Sample()
ANSWERS = {"param": ("params", "body"), "field": ("fields",), "sample": ("fields",)}
"""Kind of fact → the labels that it satisfies."""


class SectionReader:
    """Walks the blocks of a section; a label says what the next tables and samples are."""

    def __init__(self, facts: Facts, profile: Profile, file: str, section: Section, *, marked: bool = False) -> None:
        self._marked = marked
        self.prose = list[Paragraph]()
        """Paragraphs that belong to no operation and list nothing."""
        self._facts = facts
        self._profile = profile
        self._file = file
        self._section = section
        self._lists = ListReader(facts, profile, file, section)
        self._named = section.operation or self._lists.channel()
        self._owner = self._named
        self._role: str | None = None
        self._before = ""
        self._listed = list[str]()
        self._asked = list[str]()
        self._containers = dict[str, str]()
        self._stray = False
        self._answered = False
        self._sample = NO_SAMPLE
        self._words = [section.title]
        self._awaited = dict[str, Paragraph | Heading]()

    @property
    def names_owner(self) -> bool:
        """Whether the section is about an operation or a channel."""
        return bool(self._named)

    def read(self) -> None:
        """Add the section's facts."""
        if self._section.title and not (self._section.operation or self._profile.errors or self._profile.enum_lists):
            self._lists.line(Heading(self._section.line, self._section.title, self._section.level), "")
        for block in self._section.blocks:
            if isinstance(block, Code) and self._sample is NO_SAMPLE:
                self._sample = self._response_ahead()
            self._block(block)
            self._before = block.text if isinstance(block, (Paragraph, Heading)) else ""
        for label in self._awaited.values():
            self._note(label.line, f"{self._owner}: nothing was found under `{label.text[:60]}`")
        if is_about_codes(self._section) and not any(self._facts.of("code")):
            self._note(self._section.line, f"no code was found under `{self._section.title[:60]}`")
        if self._section.operation:
            self._end()
        if self._named:
            kind = "operation" if self._section.operation else "channel"
            text = " ".join(dict.fromkeys(self._words))
            self._facts.facts[self._named, kind, ""] = Fact(
                text=text, file=self._file, line=self._section.line, title=self._section.title
            )

    def _add(self, kind: str, name: str, fact: Fact, owner: str | None = None) -> None:
        self._facts.add((owner or self._owner, kind, name), replace(fact, file=self._file))
        for role in ANSWERS.get(kind, ()):
            self._awaited.pop(role, None)

    def _note(self, line: int, what: str, kind: str = "unread") -> None:
        self._facts.note(self._file, line, what, kind)

    def _response_ahead(self) -> Sample:
        """Read the sample of the response ahead of the tables: it shows which members are lists."""
        codes = [block for block in self._section.blocks if isinstance(block, Code) and '"' in block.text]
        return Sample(tuple(m for code in codes if not is_program(code) for m in read_sample(code.text).members))

    def _block(self, block: Block) -> None:
        if not isinstance(block, Table) and is_nothing(block.text):
            self._awaited.pop(self._role or "", None)
        if isinstance(block, Table):
            self._table(block)
        elif isinstance(block, Code):
            self._code(block)
        elif isinstance(block, (Paragraph, Heading)):
            self._line(block)

    def _line(self, block: Paragraph | Heading) -> None:
        role = self._profile.role_of(block.text)
        if role is not None or request_of(block, self._profile):
            self._role = role
            self._ask(block)
            if role in AWAITED and self._section.operation and not block.text.lower().rstrip("*_`:. ").endswith("none"):
                self._awaited[role] = block
            return
        if self._lists.line(block, self._owner):
            return
        if not self._owner and isinstance(block, Paragraph):
            self.prose.append(block)
        if self._owner and not self._figures(block) and isinstance(block, Paragraph):
            self._words.append(block.text)

    def _end(self) -> None:
        """Add that the operation is deprecated, if its own text or a heading above it says so."""
        texts = [(self._section.line, title) for title in (self._section.title, *self._section.above)]
        texts += [(b.line, b.text) for b in self._section.blocks if isinstance(b, (Paragraph, Heading))]
        found = [(line, text) for line, text in texts if speaks_of_end(text)]
        if found:
            value = end_of([text for _, text in found], self._named.split(" ", 1)[1])
            self._add("deprecated", "", Fact(value, line=found[0][0]), self._named)

    def _ask(self, block: Paragraph | Heading | Code) -> None:
        """Add the parameters in the query of an address; a table may describe them, or not."""
        for name in queried(block, self._profile) if self._owner else ():
            self._asked.append(name)
            self._add("param", name, Fact(line=block.line))

    def _figures(self, block: Paragraph | Heading) -> bool:
        """Read a line that states a limit or a weight; False for others."""
        for pattern in self._profile.limits:
            match = pattern.match(block.text)
            if match:
                value = f"{match.group('calls')}/{match.group('per').strip()} {match.groupdict().get('by') or ''}"
                self._add("limit", "", Fact(value.strip().lower(), line=block.line))
                return True
        for pattern in self._profile.weights:
            match = pattern.match(block.text)
            if match:
                figures = re.findall(r"\d+", match.group("weight"))
                self._add("weight", "", Fact("|".join(figures), line=block.line))
                return True
        return False

    def _table(self, table: Table) -> None:
        self._facts.tables += 1
        kind = kind_of(table, self._role, self._profile, self._asked, answered=self._answered)
        if self._lists.table(table, kind, self._before, self._owner):
            return
        if kind == "weights" and self._owner:
            found = [c["weight"] for _, c in cells(table, self._profile.words) if c.get("weight", "").isdigit()]
            self._add("weight", "", Fact("|".join(found), line=table.line))
        elif kind in ("params", "fields") and self._owner:
            self._entries(table, "param" if kind == "params" else "field")
        else:
            headings = ", ".join(word for word in table.header if word)
            self._note(table.line, f"{UNUSED_TABLE}: its headings are {headings[:120]}")

    def _entries(self, table: Table, kind: str) -> None:
        found = list[Entry]()
        for entry in entries(table, self._profile, self._sample, convention=self._marked and kind == "param"):
            if isinstance(entry, Row):
                self._unread(entry)
            else:
                found.append(entry)
        # `None` in the only row is an answer: nothing is missing under that label.
        if not found and all(is_nothing(row.cells[0]) for row in table.rows if row.cells):
            self._awaited.pop(self._role or "", None)
        prefix = self._prefix() if kind == "param" else ""
        stray = kind == "param" and self._is_stray(found, prefix)
        for entry in found:
            self._entry(entry, kind, prefix, stray=stray)

    def _unread(self, row: Row) -> None:
        if any(row.cells):
            self._note(row.line, f"a row was not read: `{' | '.join(row.cells)[:100]}` has no name")

    def _prefix(self) -> str:
        """Return the path above a table's names, if the line before it names a list or object among the parameters."""
        words = set(re.findall(r"[A-Za-z_]\w*", self._before)) if len(self._before) < 200 else set()
        for name, kind in reversed(self._containers.items()):
            if name in words:
                return f"{name}[]." if re.search(r"array|list|\[\]", kind, re.IGNORECASE) else f"{name}."
        return ""

    def _is_stray(self, found: list[Entry], prefix: str) -> bool:
        """Whether a table repeats a parameter of this request: then it was pasted from another one."""
        paths = {prefix + entry.path for entry in found}
        if not prefix:
            self._stray = bool(paths & set(self._listed))
        return self._stray

    def _entry(self, entry: Entry, kind: str, prefix: str, *, stray: bool) -> None:
        path = prefix + entry.path
        if kind == "param":
            self._listed.append(path)
            if is_container(entry.type):
                self._containers[path] = entry.type
        if stray:
            self._awaited.pop("params", None)
            self._facts.strays.append((self._owner, kind, path))
            self._note(entry.line, f"{self._owner}: the parameter `{path}` is in a second table, too; ignored", "stray")
            return
        self._answered = self._answered or kind == "field"
        self._add(kind, path, Fact(entry.type, entry.required, entry.text, line=entry.line))
        if entry.required is None and kind == "param":
            self._note(entry.line, f"{self._owner}: the page does not say whether `{path}` is required", "unmarked")
        for value in values_in(entry.text, self._profile.finders):
            self._add("value", f"{path}={value}", Fact(line=entry.line))

    def _code(self, block: Code) -> None:
        named = request_of(block, self._profile)
        if named:
            self._role = None
            self._ask(block)
        if (
            not re.search(r"[{\[]", block.text)
            or is_program(block)
            # The braces of a command line are shell syntax or a body that a table lists.
            or block.text.startswith(("curl", "$"))
            or (named and "{" not in block.text)
        ):
            return
        sample = read_sample(block.text)
        rule = self._orphan(sample)
        if rule is not None:
            self._adopt(rule, block)
        if not self._owner or not sample.members:
            return
        if sample.broken is not None:
            self._note(block.line + sample.broken, f"{self._owner}: the rest of the sample cannot be read", "repaired")
        self._use(block, sample, rule.role if rule else self._role)

    def _orphan(self, sample: Sample) -> SampleRule | None:
        paths = {member.path for member in sample.members}
        return next((rule for rule in self._profile.samples if rule.has <= paths), None)

    def _adopt(self, rule: SampleRule, block: Code) -> None:
        if rule.operation == self._owner:
            return
        self._note(
            block.line, f"{rule.operation}: the page prints no path; recognized by the members of its sample", "orphan"
        )
        self._owner = rule.operation
        self._listed = []
        self._answered = False
        self._facts.add((rule.operation, "operation", ""), Fact(file=self._file, line=block.line))

    def _use(self, block: Code, sample: Sample, role: str | None) -> None:
        own = bool(self._listed)
        # Channels have no request body: a sample under `Payload` is a push.
        role = "response" if role == "body" and not self._section.operation else role
        # An example of an error after the response would add its code and message as fields.
        if self._answered and _is_refusal(sample):
            return
        # Pages show the response under the table of parameters without another label.
        if role == "params" and own and not self._repeats(sample):
            role = "response"
        if role in ("params", "body"):
            if own and self._role == "params":
                return
            for member in sample.members:
                self._member("param", member, block.line)
        elif role in ("response", "fields", None) and (role or not own or not self._answered):
            for member in sample.members:
                self._member("sample", member, block.line)

    def _repeats(self, sample: Sample) -> bool:
        """Whether a sample has the parameters that a table listed: then it is a request."""
        members = {member.path.split(".", 1)[0] for member in sample.members}
        return len(members & set(self._listed)) * 2 >= len(members)

    def _member(self, kind: str, member: Member, line: int) -> None:
        if kind == "param":
            self._listed.append(member.path)
        self._answered = self._answered or kind == "sample"
        self._add(kind, member.path, Fact(member.type, text=member.comment, line=line, shown=member.value))
        for value in values_in(member.comment, self._profile.finders):
            self._add("value", f"{member.path}={value}", Fact(line=line))


def _is_refusal(sample: Sample) -> bool:
    """Whether a sample has only a code and a message, like the response to a rejected call."""
    names = {member.path.rsplit(".", 1)[-1].lower() for member in sample.members}
    return len(names) > 1 and names <= REFUSAL
