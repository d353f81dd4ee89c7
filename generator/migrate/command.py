"""The command `migrate`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from generator.ground.tree import ROOT
from generator.migrate.run import migrate as migrate_specs


@click.command()
@click.option(
    "--specs",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=ROOT / "specs",
    help="Folder of the specs.",
)
def migrate(specs: Path) -> None:
    """Rewrite specs of the first edition in place; exit 1 if a person must rewrite something."""
    result = migrate_specs(specs.resolve())
    for path in result.changed:
        click.echo(f"wrote  {path.relative_to(specs.resolve().parent).as_posix()}")
    for problem in sorted(result.problems):
        click.echo(str(problem), err=True)
    click.echo(f"{len(result.changed)} files rewritten")
    if result.problems:
        sys.exit(1)
