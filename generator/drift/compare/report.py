"""Prints what changed: for people, for programs, and for the changelog."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field

from generator.drift.compare.changes import LEVELS, Change, bump
from generator.drift.facts.coverage import Coverage
from generator.drift.facts.facts import Note
from generator.drift.pages.escape import printable_json


@dataclass
class Report:
    """What one run found in one API."""

    api: str
    since: list[Change] = field(default_factory=list)
    """How the documentation differs from the last reading."""
    spec: list[Change] = field(default_factory=list)
    """How the documentation differs from the spec."""
    explained: int = 0
    first: bool = False
    """Whether there is no earlier reading."""
    notes: list[Note] = field(default_factory=list)
    coverage: Coverage = field(default_factory=Coverage)
    """How much of the pages was read."""
    doubts: list[str] = field(default_factory=list)
    """Pages of which most was passed over."""
    remarks: list[str] = field(default_factory=list)
    """Addresses that can't change, and those that moved."""
    open: list[Change] = field(default_factory=list)
    """What was reported, now or earlier, and is not resolved yet."""
    written: list[str] = field(default_factory=list)
    """What was edited."""
    left: list[str] = field(default_factory=list)
    """What a person must decide."""

    @property
    def drifted(self) -> bool:
        """Whether anything differs."""
        return bool(self.since or self.spec)


def text(report: Report) -> Iterator[str]:
    """Yield the lines for people: grouped by operation, the most severe first."""
    if report.first:
        yield f"{report.api}: no earlier reading; --write saves this one for the next comparison"
    else:
        yield f"{report.api}: {_summary(report.since)} since the last reading"
        yield from _lines_by_owner(report.since)
    more = f" ({report.explained} more are explained by quirks)" if report.explained else ""
    yield f"{report.api}: {_summary(report.spec)} against the spec{more}"
    yield from _lines_by_owner(report.spec)
    if report.open:
        yield f"{report.api}: {_summary(report.open)} still open: not in the spec, and not explained by a `known` in docs.yaml"
        yield from _lines_by_owner(report.open)
    yield f"{report.api}: read {report.coverage}"
    yield from (f"doubt  {line}" for line in report.doubts)
    yield from (f"page   {line}" for line in report.remarks)
    yield from _lines_of_notes(report.notes)
    if report.drifted:
        yield f"suggested version bump: {bump(report.since or report.spec)}"
    yield from (f"wrote  {line}" for line in report.written)
    yield from (f"decide {line}" for line in report.left)


def _summary(changes: list[Change]) -> str:
    counts = Counter(change.level for change in changes)
    levels = ", ".join(f"{counts[level]} {level}" for level in LEVELS if counts[level])
    return f"{len(changes)} changes ({levels})" if changes else "no changes"


def _lines_by_owner(changes: Iterable[Change]) -> Iterator[str]:
    by_owner: dict[str, list[Change]] = {}
    for change in changes:
        by_owner.setdefault(change.owner, []).append(change)
    for owner, members in by_owner.items():
        yield f"  {owner}"
        for change in members:
            yield "    " + "  ".join(filter(None, (f"{change.level:<8}", described(change), change.place)))


def described(change: Change) -> str:
    """Return a change as one line."""
    if change.id == "wording-changed":
        return f"{change.id} {change.name}".strip()
    arrow = f"{change.before or '–'} → {change.after or '–'}" if change.before or change.after else ""
    return " ".join(filter(None, (change.id, change.name, arrow)))


def _lines_of_notes(notes: list[Note]) -> Iterator[str]:
    counts = Counter(note.kind for note in notes)
    # Whole pages mark nothing as required; one line each would hide the other notes.
    shown = [note for note in notes if note.kind != "unmarked"]
    if shown:
        yield f"{len(shown)} places were skipped, or read differently from how they are written:"
        yield from (f"  {note.kind:<8}  {note}" for note in shown)
    if counts["unmarked"]:
        yield f"{counts['unmarked']} parameters are not marked as required or optional"


def as_json(reports: Iterable[Report]) -> str:
    """Return all reports as JSON."""
    return printable_json([_document(report) for report in reports], indent=2)


def _document(report: Report) -> dict[str, object]:
    return {
        "api": report.api,
        "first": report.first,
        "bump": bump(report.since or report.spec),
        "since": [_change(change) for change in report.since],
        "spec": [_change(change) for change in report.spec],
        "explained": report.explained,
        "open": [_change(change) for change in report.open],
        "coverage": asdict(report.coverage),
        "doubts": report.doubts,
        "remarks": report.remarks,
        "notes": [{"kind": n.kind, "file": n.file, "line": n.line, "what": n.what} for n in report.notes],
        "written": report.written,
        "decide": report.left,
    }


def _change(change: Change) -> dict[str, object]:
    return {
        "change": change.id,
        "level": change.level,
        "owner": change.owner,
        "name": change.name,
        "before": change.before,
        "after": change.after,
        "file": change.file,
        "line": change.line,
    }


def changelog(report: Report) -> str:
    """Return an entry for the changelog, in Markdown."""
    changes = report.since or report.spec
    lines = [f"### {report.api}", "", f"Suggested version bump: **{bump(changes)}**.", ""]
    for level in LEVELS:
        members = [change for change in changes if change.level == level]
        if members and level != "wording":
            lines += [f"{level.capitalize()}:", "", *(f"- `{c.owner}`: {described(c)}" for c in members), ""]
    reworded = sum(change.level == "wording" for change in changes)
    if reworded:
        lines += [f"{reworded} descriptions were reworded or moved.", ""]
    return "\n".join(lines)
