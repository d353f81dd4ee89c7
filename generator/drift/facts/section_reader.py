"""Reads one section of a page: its operation or channel, with tables, samples and lines of figures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from generator.drift.facts.announced import is_about_codes
from generator.drift.facts.coverage import UNUSED_TABLE
from generator.drift.facts.deprecation import end_of, speaks_of_end
from generator.drift.facts.facts import Fact, Facts
from generator.drift.facts.figures import figures_of, weights_in
from generator.drift.facts.lists import ListReader
from generator.drift.facts.profile import Profile
from generator.drift.facts.programs import is_formula, is_program
from generator.drift.facts.prose import section_owner
from generator.drift.facts.requirements import KIND as RULE
from generator.drift.facts.requirements import requirements_in
from generator.drift.facts.section_samples import SampleReader
from generator.drift.facts.section_tables import TableReader
from generator.drift.facts.sections import Section, queried, request_of
from generator.drift.facts.state import NO_SAMPLE, State
from generator.drift.facts.table_forms import positions_in, with_names
from generator.drift.facts.table_kinds import kind_of
from generator.drift.facts.tables import is_nothing, marks
from generator.drift.pages.blocks import Block, Code, Heading, Paragraph, Table

_LIMITS = re.compile(r"\W*rate[ -]?limit(?:s|ing)?\W*", re.IGNORECASE)
# A line above a sample of what refuses a call: `Error response`, `Possible errors`.
_REFUSALS = re.compile(r"\W*(?:possible )?errors?(?: (?:response|example|sample|message)s?)?\W*", re.IGNORECASE)
NO_CODE = "no code was found under"
LONG = 120  # letters; a longer line with figures says more than these
_MESSAGE = re.compile(r"\s*\{[^{}\[\]]*\"(?:op|method|cmd|command|event|action)\"\s*:\s*\"")
"""A message names what it asks for."""
AWAITED = frozenset({"params", "body", "fields"})


class SectionReader:
    """Walks the blocks of a section; a label says what the next tables and samples are."""

    def __init__(self, facts: Facts, profile: Profile, file: str, section: Section, *, marked: bool = False) -> None:
        self.prose = list[Paragraph]()
        """What belongs to no operation and lists nothing: paragraphs, rows of tables, and code that is no program."""
        self._lists = ListReader(facts, profile, file, section)
        self._named = section.operation or self._lists.channel()
        self._own = section_owner(section)
        self._state = State(facts, profile, file, section, self._named, words=[section.title])
        self._tables = TableReader(self._state, marked=marked)
        self._samples = SampleReader(self._state)
        self._section = section
        self._profile = profile
        self._asked = list[str]()

    @property
    def names_owner(self) -> bool:
        """Whether the section is about an operation or a channel."""
        return bool(self._named)

    def read(self) -> None:
        """Add the section's facts."""
        section, state = self._section, self._state
        if section.title and not (section.operation or self._profile.errors or self._profile.enum_lists):
            self._lists.line(Heading(section.line, section.title, section.level), "")
        for block in section.blocks:
            if state.sample is NO_SAMPLE:
                state.sample = self._samples.look_ahead()
            self._block(block)
            state.before = block.text if isinstance(block, (Paragraph, Heading)) else ""
        self._note_silence()
        if section.operation:
            self._end()
        if self._named:
            kind = "operation" if section.operation else "channel"
            text = " ".join(dict.fromkeys(state.words))
            fact = Fact(text=text, file=state.file, line=section.line, title=section.title)
            state.facts.facts[self._named, kind, ""] = fact

    def _note_silence(self) -> None:
        """Note the labels and headings under which nothing was found."""
        for label in self._state.awaited.values():
            self._state.note(label.line, f"{self._state.owner}: nothing was found under `{label.text[:60]}`")
        if is_about_codes(self._section) and not any(self._state.facts.of("code")):
            self._state.note(self._section.line, f"{NO_CODE} `{self._section.title[:60]}`")

    def _block(self, block: Block) -> None:
        if not isinstance(block, Table) and is_nothing(block.text):
            self._state.awaited.pop(self._state.role or "", None)
        if isinstance(block, Table):
            self._table(block)
        elif isinstance(block, Code):
            self._code(block)
        elif isinstance(block, (Paragraph, Heading)):
            self._line(block)

    def _code(self, block: Code) -> None:
        named = request_of(block, self._profile)
        role = self._state.role
        if named:
            self._state.role = None
            self._ask(block)
        if not self._state.owner and not self._named:
            self._unowned_code(block)
        self._samples.read(block, named, _below_line(named, role) if named else role)

    def _unowned_code(self, block: Code) -> None:
        """Read a sample that shows what comes back as that of its section; other code is words, as formulas are."""
        if block.text.startswith(("curl", "$")) or (is_program(block) and not is_formula(block)):
            return
        self.prose.append(Paragraph(block.line, block.text))
        if self._state.role in ("response", "fields", "body"):
            with self._state.under(self._own):
                self._samples.read(block, None, self._state.role)

    def _line(self, block: Paragraph | Heading) -> None:
        state = self._state
        # Entries of a list of values may be words that introduce something elsewhere, such as `spot`.
        is_value = isinstance(block, Paragraph) and block.item and self._lists.is_open
        role = None if is_value else self._profile.role_of(block.text)
        if role is not None or request_of(block, self._profile):
            state.role = role
            self._ask(block)
            says_none = block.text.lower().rstrip("*_`:. ").endswith("none")
            if role in AWAITED and self._section.operation and not says_none:
                state.awaited[role] = block
            return
        if state.owner and isinstance(block, Paragraph) and _REFUSALS.fullmatch(block.text):
            state.role = "other"  # what refuses a call is no answer of it
        if self._lists.line(block, state.owner):
            return
        if not state.owner and isinstance(block, Paragraph):
            self.prose.append(block)
            self._weight(block)
        if state.owner and (not self._figures(block) or len(block.text) > LONG) and isinstance(block, Paragraph):
            state.words.append(block.text)

    def _end(self) -> None:
        """Add that the operation is deprecated, if its own text or a heading above it says so."""
        section = self._section
        texts = [(section.line, title) for title in (section.title, *section.above)]
        texts += [(b.line, b.text) for b in section.blocks if isinstance(b, (Paragraph, Heading))]
        found = [(line, text) for line, text in texts if speaks_of_end(text)]
        if found:
            value = end_of([text for _, text in found], self._named.split(" ", 1)[1])
            self._state.add("deprecated", "", Fact(value, line=found[0][0]), self._named)

    def _ask(self, block: Paragraph | Heading | Code) -> None:
        """Add the parameters in the query of an address; a table may describe them, or not."""
        for name in queried(block, self._profile) if self._state.owner else ():
            self._asked.append(name)
            self._state.add("param", name, Fact(line=block.line))

    def _figures(self, block: Paragraph | Heading) -> bool:
        found = figures_of(block.text, self._profile)
        if found is None and _LIMITS.fullmatch(self._state.before):  # the label may stand above the figure
            found = figures_of(f"Rate limit: {block.text}", self._profile)
        if found is not None:
            self._state.add(found[0], "", Fact(found[1], line=block.line, shown=block.text))
        return found is not None

    def _weight(self, block: Paragraph) -> None:
        """Add the weight of a call without a path, such as those that are sent through a WebSocket."""
        found = figures_of(block.text, self._profile)
        if found is not None and found[0] == "weight":
            self._state.add("weight", "", Fact(found[1], line=block.line, shown=block.text), self._own)

    def _table(self, table: Table) -> None:
        state = self._state
        state.facts.tables += 1
        if state.owner and (found := positions_in(table, self._profile.words)):
            self._positions(found)
            return
        table = with_names(table, state.role, self._profile.words, state.sample) if state.owner else table
        # What a channel's page lists without a label is what the channel pushes, as long as nothing is required of it.
        is_pushed = state.role is None and state.owner.startswith("stream ") and not marks(table, self._profile.words)
        role = "fields" if is_pushed else state.role
        kind = kind_of(table, role, self._profile, self._asked, answered=state.answered)
        if self._lists.table(table, kind, state.before, state.owner):
            return
        if kind == "weights" and state.owner:
            weights, cases = weights_in(table, self._profile.words)
            state.add("weight", "", Fact(weights, line=table.line, shown=cases))
        elif kind in ("params", "fields") and state.owner:
            self._tables.read(table, "param" if kind == "params" else "field")
        else:
            self._unowned_table(table, kind)

    @cached_property
    def _is_message(self) -> bool:
        """Whether the section shows what is sent through a socket: its tables belong to it, without a path."""
        codes = (block for block in self._section.blocks if isinstance(block, Code))
        return any(_MESSAGE.match(block.text) is not None and not is_program(block) for block in codes)

    def _positions(self, found: Mapping[int, Fact]) -> None:
        """Add what stands at each position of the arrays that the section's only list holds, or that the answer is."""
        lists = [name for owner, name in self._state.facts.rows if owner == self._state.owner]
        for at, fact in found.items():
            self._state.add_position(lists[0] if len(lists) == 1 else "", at, fact)
            self._state.add("position", f"[{at}]", Fact(fact.title, text=fact.text, line=fact.line))

    def _unowned_table(self, table: Table, kind: str) -> None:
        """Read a table without an operation: members as those of its section, other rows as words.

        So a change is reported wherever it stands: in the calls of a WebSocket, in headers that sign, in tables of limits.
        """
        state, headings = self._state, ", ".join(word for word in table.header if word)
        rules = requirements_in(table, state.before)
        for case, fact in rules.items():
            state.add(RULE, case, fact, state.owner or self._own)
        if not rules and not (kind in ("params", "fields") and self._is_message):
            state.note(table.line, f"{UNUSED_TABLE}: its headings are {headings[:120]}")
        if kind in ("params", "fields"):
            with state.under(self._own):
                self._tables.read(table, "param" if kind == "params" else "field")
            return
        if kind == "examples":  # what a worked request sends says nothing of the API
            return
        rows = [Paragraph(row.line, " | ".join(row.cells)) for row in table.rows]
        if state.owner:
            state.words += [row.text for row in rows]
        else:
            self.prose += rows


def _below_line(named: str, role: str | None) -> str | None:
    """Return what JSON is that stands in the block of a request line: its body, or the answer where none is sent."""
    if named.startswith("GET "):
        return "response"
    return role if role in ("response", "fields", "request") else "body"
