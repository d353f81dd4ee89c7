"""The commands drift, facts, draft and impact."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

import click

from generator.drift.compare.changes import APPLICABLE
from generator.drift.compare.reading import load_profile, read_pages
from generator.drift.compare.report import as_json, changelog, text
from generator.drift.facts.coverage import coverage_lines
from generator.drift.facts.facts import Facts, Key
from generator.drift.facts.sanity import doubts
from generator.drift.fetching.fetch import Fetcher
from generator.drift.pages.blocks import Unreadable
from generator.drift.pages.escape import printable, printable_json
from generator.drift.run import Run, pages_of
from generator.ground.problems import SpecError, suggest
from generator.ground.tree import ROOT, source_folders

FOLDER = click.Path(file_okay=False, path_type=Path, exists=True)
SPECS = click.option("--specs", type=FOLDER, default=ROOT / "specs", help="Folder of the specs.")
DOCS = click.option("--docs", multiple=True, help="File, folder or address of the documentation.")
PRIVATE = click.option("--allow-private", is_flag=True, help="Read addresses of private networks too.")
TODAY = click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    default=lambda: date.today().isoformat(),
    help="The day on which the pages were read.",
)
# 1 says that something differs, as `diff` does; so what cannot be compared needs another exit code.
UNREAD = 2


@click.command()
@click.argument("api", required=False)
@SPECS
@DOCS
@PRIVATE
@click.option("--json", "as_text", flag_value="json", help="Print everything as JSON.")
@click.option("--changelog", "as_text", flag_value="changelog", help="Print an entry for the changelog.")
@click.option("--write", is_flag=True, help="Edit the specs and keep this reading.")
@click.option(
    "--also",
    multiple=True,
    type=click.Choice(APPLICABLE),
    metavar="ID",
    help="With --write: apply changes of this id too, such as param-removed.",
)
@click.option("--believe", is_flag=True, help="Accept a page even if most of its content is gone.")
@TODAY
def drift(
    api: str | None,
    specs: Path,
    docs: tuple[str, ...],
    allow_private: bool,
    as_text: str | None,
    write: bool,
    also: tuple[str, ...],
    believe: bool,
    today: datetime,
) -> None:
    """Report how documentation differs from the last reading and the spec; exit 1 if it does, 2 if it is unreadable."""
    names = [api] if api else [folder.name for folder in source_folders(specs)]
    if not names:
        click.echo(f"{specs}: contains no API", err=True)
    fetcher = Fetcher(ROOT / ".cache" / "drift", allow_private)
    reports, failed = [], not names
    for name in names:
        try:
            run = Run(specs, _folder(specs, name), fetcher, believe=believe, also=also, today=f"{today:%Y-%m-%d}")
            reports.append(run.report(list(docs), write=write))
        except (Unreadable, SpecError) as error:
            # The other APIs are still read, so that one page that is down does not hide the changes of the rest.
            failed = True
            # Pages may contain control characters, which must not reach the terminal.
            click.echo(printable(f"{name}: {error}"), err=True)
    if as_text == "json":
        click.echo(as_json(reports))
    for report in reports:
        lines = [changelog(report)] if as_text == "changelog" else text(report)
        for line in lines if as_text != "json" else ():
            click.echo(printable(line))
    sys.exit(UNREAD if failed else int(any(report.drifted for report in reports)))


@click.command()
@click.argument("api")
@SPECS
@DOCS
@PRIVATE
@click.option("--json", "as_text", flag_value="json", help="Print everything as JSON.")
def facts(api: str, specs: Path, docs: tuple[str, ...], allow_private: bool, as_text: str | None) -> None:
    """Print what is read from documentation, without comparing it: for adjusting docs.yaml."""
    try:
        folder = _folder(specs, api)
        fetcher = Fetcher(ROOT / ".cache" / "drift", allow_private)
        documents = pages_of(folder, list(docs), fetcher)
        reading = read_pages(documents, load_profile(specs, folder))
    except (Unreadable, SpecError) as error:
        click.echo(printable(f"{api}: {error}"), err=True)
        sys.exit(UNREAD)
    for doubt in doubts(reading.documents, reading.facts, {}):
        click.echo(printable(f"{api}: {doubt}"), err=True)
    found = {name: _document(page) for name, page in reading.facts.items()}
    if as_text == "json":
        click.echo(printable_json(found, indent=1))
    else:
        _print(reading.all)
        for line in coverage_lines(reading.documents, reading.facts):
            click.echo(printable(f"{api}: {line}"), err=True)
    sys.exit(UNREAD if all(page.is_empty for page in reading.facts.values()) else 0)


@click.command()
@click.argument("name")
@SPECS
@DOCS
@PRIVATE
@TODAY
def draft(name: str, specs: Path, docs: tuple[str, ...], allow_private: bool, today: datetime) -> None:
    """Write a first spec of a new API from its documentation; a person then resolves each TODO."""
    # Imported here: only a draft needs the code that writes specs.
    from generator.drift.draft.spec import Draft

    try:
        documents = Fetcher(ROOT / ".cache" / "drift", allow_private).documents(list(docs))
        if not documents:
            raise Unreadable("no documentation was named; use --docs")
        draft_files = Draft(name, documents, specs, f"{today:%Y-%m-%d}")
        draft_files.write()
    except Unreadable as error:
        click.echo(printable(str(error)), err=True)
        sys.exit(UNREAD)
    for line in draft_files.report:
        click.echo(printable(line))


@click.command()
@SPECS
@click.option("--since", required=True, help="Git revision of the specs that the code was written for.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
def impact(specs: Path, since: str, paths: tuple[Path, ...]) -> None:
    """List the lines of Python code that use what changed in the specs since a git revision; exit 1 if there are any."""
    from generator.drift.impact.impact import impacts

    try:
        found = impacts(specs, since, list(paths))
    except (Unreadable, SpecError) as error:
        click.echo(printable(str(error)), err=True)
        sys.exit(UNREAD)
    for line in found:
        click.echo(printable(line))  # names of files may hide something, too
    sys.exit(int(bool(found)))


def _folder(specs: Path, api: str) -> Path:
    folder = specs / api
    if not (folder / "api.yaml").is_file():
        known = [found.name for found in source_folders(specs)]
        raise Unreadable(f"no API of this name in {specs}{suggest(api, known)}")
    return folder


def _document(page: Facts) -> dict[str, object]:
    return {
        "facts": [[*key, {"value": f.value, "required": f.required, "line": f.line}] for key, f in page.facts.items()],
        "strays": [list(key) for key in page.strays],
        "notes": [{"kind": note.kind, "line": note.line, "what": note.what} for note in page.notes],
    }


def _print(found: Facts) -> None:
    by_owner: dict[str, list[Key]] = {}
    for key in found.facts:
        by_owner.setdefault(key[0], []).append(key)
    for owner, keys in by_owner.items():
        click.echo(printable(owner))
        for key in keys:
            fact = found.facts[key]
            mark = {True: "required", False: "optional", None: ""}[fact.required]
            click.echo(printable("  " + "  ".join(filter(None, (f"{key[1]:<9}", key[2], fact.value, mark)))))
    for note in found.notes:
        click.echo(printable(f"{note.kind}: {note}"))
