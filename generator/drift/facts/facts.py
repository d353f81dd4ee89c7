"""What documentation states, without its sentences: {(owner, kind, name): fact}."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

# Up to these sizes, a text is a name or type, such as `array of objects`; beyond, it is a sentence of the exchange,
# and none of those is stored in the repository.
BRIEF = 4  # words
LONGEST = 48  # letters; half as many in Chinese, which says as much in fewer
Key = tuple[str, str, str]
"""Owner, kind, name.

The owner is an operation (`GET /v1/time`), a channel (`stream ticker`), an enum (`enum side`), `errors`,
`stream errors`, or a section without any of them (`section Signing`).
Kinds: operation channel param field position sample value default range unit code limit weight deprecated rule prose
stated.
"""
SECTION = "section "
"""How the owner of what a section states begins."""


@dataclass(frozen=True)
class Fact:
    """One fact, its place, and its description, which is never stored."""

    value: str = ""
    """A type, or figures."""

    required: bool | None = None
    text: str = ""
    file: str = ""
    line: int = 0
    mark: str = ""
    """The hash of the description, after it was stored."""
    shown: str = ""
    """The value in a sample, or how a page says a limit, a weight, or what secures a call; never stored."""
    title: str = ""
    """The heading above an operation, which is never stored."""

    @property
    def wording(self) -> str:
        """A short hash of the description; empty if there is none."""
        if self.mark:
            return self.mark
        # Layout and punctuation do not count: pages change them with every tool that renders them.
        bare = re.sub(r"[\s`*_。.,;:]+", " ", self.text).strip().lower()
        return hashlib.sha256(bare.encode()).hexdigest()[:10] if bare else ""


def brief(text: str) -> str:
    """Return a name or type unchanged, and a sentence as its first word and a hash: sentences are never stored."""
    words = text.split()
    if len(words) <= BRIEF and len(text) <= (LONGEST if text.isascii() else LONGEST // 2):
        return text
    first = words[0] if words[0].isascii() and len(words[0]) < LONGEST else "text"
    return f"{first} ~{hashlib.sha256(text.encode()).hexdigest()[:6]}"


@dataclass(frozen=True)
class Note:
    """Something that was skipped, or read differently from how it is written."""

    file: str
    line: int
    what: str
    kind: str = "unread"
    """unread, stray, orphan or repaired."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}  {self.what}"


@dataclass
class Facts:
    """The facts of one page, or of several."""

    facts: dict[Key, Fact] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    strays: list[Key] = field(default_factory=list)
    samples: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)
    """Owner → path, type and value of all members of its samples, those included that a table names."""

    rows: dict[tuple[str, str], dict[int, Fact]] = field(default_factory=dict)
    """Owner and name of a list of arrays → position → what stands there: a type, its words and, as title, its name."""

    listed: set[str] = field(default_factory=set)
    """Owners of the lists of values."""

    tables: int = 0
    """How many tables there are."""

    _index: dict[tuple[str, str], list[Key]] = field(default_factory=dict, repr=False, compare=False)
    _indexed: int = field(default=-1, repr=False, compare=False)

    def add(self, key: Key, fact: Fact) -> None:
        """Add a fact; of several with one key, the first counts, unless it is empty."""
        known = self.facts.get(key)
        if known is None or (not known.value and not known.text and known.required is None):
            self.facts[key] = fact

    @property
    def is_empty(self) -> bool:
        """Whether nothing about an API was found; prose does not count, because a wrong page has it, too."""
        return all(key[1] in ("prose", "stated") for key in self.facts)

    def note(self, file: str, line: int, what: str, kind: str = "unread") -> None:
        """Add a note."""
        self.notes.append(Note(file, line, what, kind))

    def of(self, kind: str, owner: str | None = None) -> Iterator[tuple[Key, Fact]]:
        """Yield the facts of a kind, of everything or of one owner."""
        if owner is None:
            return ((k, f) for k, f in self.facts.items() if k[1] == kind)
        # The index makes `of` fast: it is called for each operation, and pages have thousands of facts.
        if self._indexed != len(self.facts):
            self._reindex()
        return ((k, self.facts[k]) for k in self._index.get((owner, kind), ()) if k in self.facts)

    def _reindex(self) -> None:
        self._index.clear()
        for key in self.facts:
            self._index.setdefault(key[:2], []).append(key)
        self._indexed = len(self.facts)

    def owners(self, kind: str = "operation") -> list[str]:
        """Return the operations (or channels) in order."""
        return [key[0] for key, _ in self.of(kind)]


def united(many: Iterable[Facts]) -> Facts:
    """Return the facts of several pages as one."""
    result = Facts()
    for facts in many:
        for key, fact in facts.facts.items():
            result.add(key, fact)
        result.notes += facts.notes
        result.strays += facts.strays
        result.tables += facts.tables
        for place, row in facts.rows.items():
            result.rows.setdefault(place, row)
        for owner, keys in facts.samples.items():
            result.samples.setdefault(owner, keys)
    return result
