"""What is known of a section while it is read, block by block."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from generator.drift.facts.facts import Fact, Facts
from generator.drift.facts.profile import Profile
from generator.drift.facts.samples import Sample
from generator.drift.facts.sections import Section
from generator.drift.pages.blocks import Heading, Paragraph

ANSWERS = {"param": ("params", "body"), "field": ("fields",), "sample": ("fields",)}
"""Kind of fact → the labels that it satisfies."""
NO_SAMPLE = Sample()


@dataclass
class State:
    """The section, what its labels announce, and what was found so far."""

    facts: Facts
    profile: Profile
    file: str
    section: Section
    owner: str
    """The operation or channel that the next facts belong to."""

    role: str | None = None
    """What the last label introduces."""

    before: str = ""
    """The line before a table."""

    listed: list[str] = field(default_factory=list)
    """The parameters so far."""

    shown: set[str] = field(default_factory=set)
    """Those of which only a sample of a request is known."""

    answered: bool = False
    """Whether a response was found."""

    sample: Sample = NO_SAMPLE
    """The responses of the section, which show which members are lists."""

    words: list[str] = field(default_factory=list)
    """What is said of the operation or channel."""

    awaited: dict[str, Paragraph | Heading] = field(default_factory=dict)
    """Labels under which nothing was found yet."""

    def add(self, kind: str, name: str, fact: Fact, owner: str | None = None) -> None:
        """Add a fact of this section; it satisfies the label that announces its kind."""
        self.facts.add((owner or self.owner, kind, name), replace(fact, file=self.file))
        for role in ANSWERS.get(kind, ()):
            self.awaited.pop(role, None)

    @contextmanager
    def under(self, owner: str) -> Iterator[None]:
        """Add what follows to another owner, such as the section itself."""
        before, self.owner = self.owner, owner
        try:
            yield
        finally:
            self.owner = before

    def note(self, line: int, what: str, kind: str = "unread") -> None:
        """Add a note with its line."""
        self.facts.note(self.file, line, what, kind)

    def add_position(self, name: str, at: int, fact: Fact) -> None:
        """Add what stands at a position of the arrays in a list; of a table and a sample, each gives what it has."""
        self.awaited.pop("fields", None)
        row = self.facts.rows.setdefault((self.owner, name), {})
        known = row.get(at, Fact())
        text, title = known.text or fact.text, known.title or fact.title
        row[at] = replace(
            fact, value=known.value or fact.value, text=text, title=title, shown=known.shown or fact.shown
        )
