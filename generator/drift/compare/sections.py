"""The sections of all pages, before and now: which of them are one, whatever page and heading they stand under."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from generator.drift.facts.facts import SECTION, Fact, Facts

Pages = Mapping[str, Facts]
"""What was read, by the name of the page."""
NO_HEADING = f"{SECTION}page"
"""What stands above the first heading of a page: it has the same name on each page, and is never the same."""


@dataclass
class Section:
    """What a section says: its words as a hash, and what it states by name."""

    page: str
    owner: str
    prose: Fact = field(default_factory=Fact)
    stated: dict[str, Fact] = field(default_factory=dict)

    @property
    def place(self) -> tuple[str, str]:
        """Its page, and how its changes are called."""
        return self.page, self.owner


@dataclass(frozen=True)
class Pair:
    """A section before and now; one of them may be missing."""

    before: Section | None
    after: Section | None

    @property
    def has_moved(self) -> bool:
        """Whether it stands on another page now, or under another heading."""
        return bool(self.before and self.after and self.before.place != self.after.place)


def pairs_of(old: Pages, new: Pages) -> Iterator[Pair]:
    """Yield the sections of all pages, each with what it was before.

    A section of a page that was not read this time is never gone, but its words may stand on another page, and those
    under its heading may be its own if their page is read for the first time: pages get other names.
    """
    before, after = _sections(old), _sections(new)

    def is_gone(section: Section) -> bool:
        return section.page in new

    def may_be(section: Section, later: Section) -> bool:
        return is_gone(section) or later.page not in old

    yield from _pairs(before, after, lambda section: section.place, lambda *_: True)
    yield from _pairs(before, after, lambda section: section.prose.wording, lambda *_: True)
    yield from _pairs(before, after, lambda section: section.owner.replace(NO_HEADING, ""), may_be)
    yield from (Pair(section, None) for section in before if is_gone(section))
    yield from (Pair(None, section) for section in after)


def _sections(pages: Pages) -> list[Section]:
    found = dict[tuple[str, str], Section]()
    for page, facts in pages.items():
        for (owner, kind, name), fact in facts.facts.items():
            if kind in ("prose", "stated"):
                section = found.setdefault((page, owner), Section(page, owner))
                section.stated |= {name: fact} if kind == "stated" else {}
                section.prose = fact if kind == "prose" else section.prose
    return [found[place] for place in sorted(found)]


def _pairs(
    before: list[Section],
    after: list[Section],
    likeness: Callable[[Section], object],
    may_be: Callable[[Section, Section], bool],
) -> Iterator[Pair]:
    """Take those from both lists that are alike, and yield them as pairs."""
    for earlier in [*before]:
        like = [later for later in after if likeness(earlier) and likeness(later) == likeness(earlier)]
        if found := next((later for later in like if may_be(earlier, later)), None):
            before.remove(earlier)
            after.remove(found)
            yield Pair(earlier, found)
