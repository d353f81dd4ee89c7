"""Finds the lines of a user's Python code that use what changed between two versions of the specs."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from generator.drift.impact.model_changes import Changed, changes_of
from generator.drift.impact.project import Project
from generator.drift.impact.uses import uses_in
from generator.drift.pages.blocks import Unreadable
from generator.drift.run import api_of
from generator.ground.problems import SpecError
from generator.ground.tree import source_folders
from generator.model.api import Api


def impacts(specs: Path, since: str, paths: list[Path]) -> list[str]:
    """Return one line for each affected place.

    Raises:
        Unreadable: if the revision, or the specs in it, cannot be read.
    """
    with tempfile.TemporaryDirectory() as folder:
        before = models(_specs_at(specs, since, Path(folder)))
    now = models(specs)
    changed = {name: changes_of(before[name], now.get(name)) for name in before}
    changed = {name: found for name, found in changed.items() if found.any}
    project = Project()
    return [line for file in python_files(paths) for line in _in_file(file, changed, project)]


def models(specs: Path) -> dict[str, Api]:
    """Return the models of all APIs."""
    try:
        return {folder.name: api_of(specs, folder) for folder in source_folders(specs)}
    except SpecError as error:
        raise Unreadable(f"the specs cannot be read:\n{error}") from None


def python_files(paths: list[Path]) -> Iterator[Path]:
    """Yield the given files, and the Python files in the given folders."""
    for path in paths:
        yield from [path] if path.is_file() else sorted(p for p in path.rglob("*.py") if ".venv" not in p.parts)


def _in_file(file: Path, changed: dict[str, Changed], project: Project) -> Iterator[str]:
    try:
        text = file.read_text("utf-8")
        # Most files of a project do not use the package; parsing them all would take most of the time.
        imports = project.imports(file, text)
        found = uses_in(imports, changed) if imports else []
    # One file that cannot be parsed, such as a template, must not hide the rest. Deep nesting raises RecursionError.
    except (OSError, SyntaxError, UnicodeDecodeError, RecursionError, ValueError) as error:
        yield f"{file}:1  cannot be read: {type(error).__name__}"
        return
    yield from (f"{file}:{line}  {what}" for line, what in found)


def _specs_at(specs: Path, revision: str, folder: Path) -> Path:
    # git would take it for an option.
    if revision.startswith("-"):
        raise Unreadable(f"{revision} is not a revision")
    command = ["git", "-C", str(specs), "archive", "--format=tar", revision, "--", "."]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=60)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unreadable(f"git cannot be run: {error}") from None
    if done.returncode:
        raise Unreadable(f"{revision}: {done.stderr.decode('utf-8', 'replace').strip() or 'unknown revision'}")
    target = folder / specs.name
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        # Repositories may have links that lead outside; the filter refuses them.
        archive.extractall(target, filter="data")
    return target
