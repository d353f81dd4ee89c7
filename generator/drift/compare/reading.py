"""Reads the pages of one API and compares them with the last reading."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.drift.compare.changes import Change, in_order
from generator.drift.compare.compare import member_changes
from generator.drift.compare.page_names import under_new_names
from generator.drift.compare.statements import statement_changes
from generator.drift.facts.facts import Fact, Facts, Key, united
from generator.drift.facts.page import read_page
from generator.drift.facts.profile import Profile, default_profile, profile_of
from generator.drift.pages.blocks import Document, Unreadable
from generator.ground.tree import READING_RULES
from generator.source.load import Source, parse
from generator.source.schema import check_shape


@dataclass(frozen=True)
class Reading:
    """The pages of one API, read."""

    documents: Mapping[str, Document]
    facts: Mapping[str, Facts]

    @property
    def all(self) -> Facts:
        """The facts of all pages as one."""
        return united(self.facts.values())


def load_profile(specs: Path, folder: Path) -> Profile:
    """Return the profile of an API, or the default one if it has no docs.yaml.

    Raises:
        Unreadable: with all problems of docs.yaml.
    """
    path = folder / READING_RULES
    if not path.is_file():
        return default_profile()
    source = Source(folder.name)
    content = parse(path.read_bytes(), f"{specs.name}/{folder.name}/{READING_RULES}", source.problems)
    if content is not None:
        source.files[READING_RULES] = content
    problems = [*source.problems, *check_shape(source, f"{specs.name}/{folder.name}")]
    if problems or content is None:
        raise Unreadable("\n".join(map(str, problems)))
    return profile_of(content)


def read_pages(documents: list[Document], profile: Profile) -> Reading:
    """Read pages; a name that occurs twice gets a number."""
    by_name: dict[str, Document] = {}
    for document in documents:
        name, number = document.name, 2
        while name in by_name:
            name, number = f"{document.name}-{number}", number + 1
        by_name[name] = document
    return Reading(by_name, {name: read_page(document, profile, by_name) for name, document in by_name.items()})


def since(observed: Mapping[str, Facts], reading: Reading, shared: Collection[str] = ()) -> list[Change]:
    """Return what changed since the last reading of the same pages, without parameters that all operations share."""
    observed = under_new_names(observed, reading.facts)
    before = united(observed.values())
    now = united(reading.facts.values())
    found = dict[object, Change]()
    for name, facts in reading.facts.items():
        # A page that was split has no earlier reading of its own.
        for change in member_changes(observed.get(name) or _split_off(observed, reading, name), facts):
            if not _elsewhere(change, before, now) and not _is_shared(change, shared):
                # Two pages may list the same enum; its change is reported once.
                found.setdefault(change.key, change)
    for change in statement_changes(observed, reading.facts):
        # Sections of different pages may have the same heading.
        found.setdefault((change.key, change.before, change.after), change)
    return in_order(list(found.values()))


def _split_off(observed: Mapping[str, Facts], reading: Reading, name: str) -> Facts:
    """Return what other pages said earlier of the operations of a page, and say no more."""
    page = reading.facts[name]
    owners = {key[0] for key in page.facts}
    gone_first = sorted(observed, key=lambda other: other in reading.facts)
    still = {key for other, facts in reading.facts.items() if other != name for key in facts.facts}
    before = dict[Key, Fact]()
    for other in gone_first:
        for key, fact in observed[other].facts.items():
            if key[0] in owners and (key in page.facts or key not in still):
                before.setdefault(key, fact)
    return Facts(before)


def _is_shared(change: Change, shared: Collection[str]) -> bool:
    names = {change.name, change.before} if change.id == "param-renamed" else {change.name}
    is_param = change.id.startswith("param-") or change.id == "wording-changed"
    return is_param and any(name.rsplit(".", 1)[-1] in shared for name in names if name)


_KINDS = {"operation": "operation", "channel": "channel", "enum-value": "value", "error-code": "code"}


def _elsewhere(change: Change, before: Facts, now: Facts) -> bool:
    """Whether something only moved from one page to another."""
    subject, _, verb = change.id.rpartition("-")
    kind = _KINDS.get(subject)
    if kind is None or verb not in ("added", "removed"):
        return False
    return (change.owner, kind, change.name) in (now if verb == "removed" else before).facts
