"""The command line: python -m generator …"""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from generator.ground.problems import SpecError
from generator.ground.tree import ROOT, source_folders
from generator.pipeline.folders import Folders
from generator.pipeline.timings import Timings

if TYPE_CHECKING:
    from generator.model.summary import Summary
    from generator.pipeline.left import Last, Left

Command = Callable[..., None]
FOLDER = click.Path(file_okay=False, path_type=Path)
NO_REASON = "no reason is given; correct `documented` in api.yaml, or say `why` there"

DONE = {"stray": "removed", "foreign": "left"}
"""Files that are no longer generated: those of an earlier run are removed, other people's are left alone."""


def folders(command: Command) -> Command:
    """Add the options --specs, --templates and --output to a command."""

    @click.option("--specs", type=FOLDER, default=ROOT / "specs", help="Folder of the specs.")
    @click.option("--templates", type=FOLDER, default=ROOT / "templates", help="Folder of the templates.")
    @click.option("--output", type=FOLDER, default=ROOT / "generated", help="Folder to write to.")
    @wraps(command)
    def with_folders(specs: Path, templates: Path, output: Path, **options: object) -> None:
        for folder in (specs, templates):
            if not folder.is_dir():
                raise click.UsageError(f"{folder} is not a folder")
        command(Folders(specs.resolve(), templates.resolve()), output, **options)

    return with_folders


class Commands(click.Group):
    """The commands; rarely used ones are imported only when they run, since their libraries are slow to import."""

    # By name, because asking a command for its name would import it.
    late = ("drift", "facts", "draft", "impact", "migrate")

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted([*super().list_commands(context), *self.late])

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Return a command by its name."""
        if name in self.late:
            return _late(name)
        return super().get_command(context, name)

    def invoke(self, context: click.Context) -> object:
        """Run a command; problems in specs and errors of the disk are reported one per line."""
        try:
            return super().invoke(context)
        except SpecError as error:
            for problem in error.problems:
                click.echo(str(problem), err=True)
            count = len(error.problems)
            click.echo(f"{count} problem{'s' if count > 1 else ''}; nothing was written", err=True)
            context.exit(self._failure_code(context))
        except OSError as error:
            # click ends quietly if the reader of a pipe is gone. An error without a text keeps its traceback.
            if error.errno == errno.EPIPE or not error.strerror:
                raise
            click.ClickException(": ".join(filter(None, [str(error.filename or ""), error.strerror]))).show()
            context.exit(self._failure_code(context))

    def _failure_code(self, context: click.Context) -> int:
        """Return the exit code of a failure: of late commands, 1 means that something differs."""
        return 2 if context.invoked_subcommand in self.late else 1


def _late(name: str) -> click.Command:
    if name == "migrate":
        from generator.migrate.command import migrate

        return migrate
    from generator.drift import commands

    return cast("click.Command", getattr(commands, name))


@click.group(cls=Commands)
def main() -> None:
    """Generate typed clients, API documents and reference pages from specs."""


@main.command()
@click.option("--timings", is_flag=True, help="Print how long each step took.")
@folders
def generate(folders: Folders, output: Path, timings: bool) -> None:
    """Write everything that is generated from the specs."""
    # Imported here and below, so that a run with nothing to do loads next to nothing.
    from generator.pipeline.left import Left

    clock = Timings()
    left = Left(folders, output)
    last, new = left.last(), 0
    clock.mark("look")
    if last is None:
        last, new = _generate(folders, output, left, clock)
    _print_warnings(last.warnings)
    click.echo(f"{last.files} files, {new} of them new or changed")
    if timings:
        _print_timings(clock)


def _generate(folders: Folders, output: Path, left: Left, clock: Timings) -> tuple[Last, int]:
    """Generate and write; return what the next run may repeat, and how many files are new or changed."""
    from generator.output.readme import readme_updates
    from generator.output.write import OutputRefused, write
    from generator.pipeline import run
    from generator.pipeline.left import Last

    made = run.generate(folders, clock, left.has)
    try:
        changes = write(made.texts, output, made.left)
    except OutputRefused as error:
        raise click.UsageError(str(error)) from None
    for change in changes:
        click.echo(f"{DONE.get(change.what, 'wrote')}  {change.path}")
    readme = readme_updates(made.summaries, folders.specs, output)
    for path, content in readme.items():
        from generator.ground.files import replace

        # Only between its markers: the rest of the README is written by hand.
        replace(path, content)
        click.echo(f"wrote  the table of coverage in {path.name}")
    ours = [change.path for change in changes if change.what != "foreign"]
    # Files that we did not write are reported on each run.
    warnings = _warnings(made.summaries)
    if len(ours) == len(changes):
        left.keep(made, ours, readme, warnings)
    clock.mark("write")
    return Last(len(made.paths), warnings), len(ours)


@main.command()
@click.option("--timings", is_flag=True, help="Print how long each step took.")
@folders
def check(folders: Folders, output: Path, timings: bool) -> None:
    """Check that the output is up to date with the specs; exit 1 if not."""
    from generator.output.readme import readme_updates
    from generator.output.write import Difference, differences
    from generator.pipeline import run

    clock = Timings()
    made = run.generate(folders, clock)
    readme = [Difference(path.name, "changed") for path in readme_updates(made.summaries, folders.specs, output)]
    found = differences(made.texts, output) + readme
    clock.mark("compare")
    for difference in found:
        click.echo(str(difference))
    for summary in made.summaries:
        _print_coverage(summary)
    _print_warnings(_warnings(made.summaries))
    _warn_of_words(folders.specs)
    if timings:
        _print_timings(clock)
    if found:
        click.echo(f"{len(found)} files differ; run `make generate`", err=True)
        sys.exit(1)


def _warnings(summaries: list[Summary]) -> list[str]:
    """Return what the authors of specs should look at; that is no mistake, so nothing fails."""
    return [warning for summary in summaries for warning in summary.warnings]


def _print_warnings(warnings: list[str]) -> None:
    for warning in warnings:
        click.echo(f"warning: {warning}", err=True)


def _warn_of_words(specs: Path) -> None:
    """Say where the specs' prose uses another word than the glossary; that is no mistake, so nothing fails."""
    from generator.source.folder import read_source
    from generator.source.glossary import read_glossary, wording

    # Specs outside this repository need not have a glossary.
    words = read_glossary(specs)
    for folder in source_folders(specs) if words else ():
        for warning in wording(read_source(specs, folder), words):
            click.echo(f"warning: {warning}", err=True)


def _print_coverage(summary: Summary) -> None:
    """Print how much of the documentation the spec covers, and the reasons for differences."""
    covered = ", ".join(f"{figure.what} {figure.covered}/{figure.documented}" for figure in summary.coverage)
    click.echo(f"{summary.name}: {covered or f'{summary.operations} operations'}")
    for figure in summary.coverage:
        if figure.why or figure.covered != figure.documented:
            click.echo(f"  {figure.what}: {figure.why or NO_REASON}")


def _print_timings(clock: Timings) -> None:
    for step, seconds in clock.steps.items():
        click.echo(f"{step:>9}  {seconds * 1000:7.0f} ms")
    click.echo(f"{'in all':>9}  {sum(clock.steps.values()) * 1000:7.0f} ms")
