"""One run of drift over one API: read and compare, and write with --write."""

from __future__ import annotations

from pathlib import Path

from generator.build.api import build
from generator.drift.compare.against_spec import against_spec
from generator.drift.compare.changes import as_entry, from_entry
from generator.drift.compare.ledger import still_open
from generator.drift.compare.page_names import not_read, under_new_names
from generator.drift.compare.reading import Reading, load_profile, read_pages, since
from generator.drift.compare.report import Report
from generator.drift.compare.spec_facts import SpecFacts, expected
from generator.drift.facts.coverage import coverage_of, passed_over
from generator.drift.facts.observed import dump, load_observed, load_open
from generator.drift.facts.profile import Profile
from generator.drift.facts.sanity import doubts, faded, strangers
from generator.drift.fetching.fetch import Fetcher
from generator.drift.pages.blocks import Document, Unreadable
from generator.drift.pages.escape import visible
from generator.ground.problems import SpecError
from generator.model.api import Api
from generator.output.swap import swap
from generator.source import reading as read
from generator.source.folder import read_source
from generator.source.load import Source, parse
from generator.source.schema import check_shape


class Run:
    """A run over one API, with its options."""

    def __init__(
        self, specs: Path, folder: Path, fetcher: Fetcher, *, believe: bool, also: tuple[str, ...], today: str
    ) -> None:
        self._specs = specs
        self._folder = folder
        self._fetcher = fetcher
        self._believe = believe
        self._also = also
        self._today = today

    def report(self, docs: list[str], *, write: bool) -> Report:
        """Read the documentation and report what differs.

        Raises:
            Unreadable: if it cannot be read, or looks wrong; nothing was written.
            SpecError: if the spec cannot be read.
        """
        profile, remarks = load_profile(self._specs, self._folder), len(self._fetcher.remarks)
        reading = read_pages(pages_of(self._folder, docs, self._fetcher), profile)
        observed = under_new_names(load_observed(self._folder / "observed.json"), reading.facts)
        api = api_of(self._specs, self._folder)
        found = doubts(reading.documents, reading.facts, expected(api) | observed)
        self._doubt(reading, api, found + faded(reading.documents, reading.facts, observed))
        report = Report(
            self._folder.name, since(observed, reading, profile.shared) if observed else [], first=not observed
        )
        report.spec, report.explained = against_spec(api, reading.all, profile, reading.documents)
        report.notes = reading.all.notes
        report.coverage = coverage_of(reading.documents, reading.facts)
        report.doubts = passed_over(reading.documents, reading.facts)
        report.remarks = [*self._fetcher.remarks[remarks:], *not_read(observed, reading.facts)]
        kept = [change for entry in load_open(self._folder / "observed.json") if (change := from_entry(entry))]
        report.open = still_open(kept, report.since, report.spec, profile, SpecFacts(api).facts())
        if write:
            self._write(report, reading, api, profile)
        return report

    def _doubt(self, reading: Reading, api: Api, found: list[str]) -> None:
        known = {f"{operation.method} {operation.path}" for operation in api.operations}
        strange = strangers(reading.facts, known)
        # If the pages belong to another API, the other doubts follow from that and would only distract.
        found = [strange] if strange else found
        if found and not self._believe:
            raise Unreadable("\n".join([*found, "nothing was changed"]))

    def _write(self, report: Report, reading: Reading, api: Api, profile: Profile) -> None:
        from generator.drift.edit.files import SpecFiles
        from generator.drift.edit.history import with_revision
        from generator.drift.edit.patch import Patch

        patch = Patch(SpecFiles(self._folder), api, reading.all, profile, self._also)
        texts = patch.texts(report.spec)
        observed = under_new_names(load_observed(self._folder / "observed.json"), reading.facts)
        observed |= {name: facts for name, facts in reading.facts.items() if facts.facts}
        # What is applied now is closed by the next reading, which holds the page against the new spec.
        if report.since:
            texts["history.yaml"] = with_revision(self._folder / "history.yaml", report.since, self._today)
        # Last: if the process is killed before, the next run reports and does the same again.
        texts["observed.json"] = dump(observed, [as_entry(change) for change in report.open])
        # Unchanged files keep their time stamps, and are not reported as written.
        changed = {name: content for name, content in texts.items() if not self._has(name, content)}
        # All files or none: a spec must not be edited without the reading that it was edited for.
        swap({name: visible(content).encode() for name, content in changed.items()}, self._folder)
        report.written += [f"{self._specs.name}/{self._folder.name}/{name}" for name in changed]
        report.left = patch.left

    def _has(self, name: str, content: str) -> bool:
        path = self._folder / name
        return path.is_file() and path.read_text("utf-8") == content


def pages_of(folder: Path, docs: list[str], fetcher: Fetcher) -> list[Document]:
    """Return the documents named on the command line, else those that the spec lists."""
    # Not the model: the pages can be read even if the rest of the spec has mistakes.
    at = parse((folder / "api.yaml").read_bytes(), f"{folder.name}/api.yaml", [])
    pages = {str(page["url"]): name for name, page in read.entries(at, "pages") if "url" in page} if at else {}
    documents = fetcher.documents(docs or list(pages), pages)
    if not documents:
        raise Unreadable("no documentation was named; use --docs, or list its pages in api.yaml")
    return documents


def api_of(specs: Path, folder: Path) -> Api:
    """Return the model of an API, even if it still has a TODO.

    Raises:
        SpecError: if a file does not match its schema.
    """
    source: Source = read_source(specs, folder)
    problems = [*source.problems, *check_shape(source, f"{specs.name}/{folder.name}")]
    if problems or "api.yaml" not in source.files:
        raise SpecError(problems)
    return build(source).api
