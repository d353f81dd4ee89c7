"""Turns a loaded source into a model, or reports every problem in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from generator.build.api import build
from generator.check.api import check
from generator.check.undecided import undecided
from generator.ground.cache import NOWHERE, Cache
from generator.ground.naming import names_module
from generator.ground.problems import Problem, SpecError
from generator.model.api import Api
from generator.source.load import Source
from generator.source.schema import check_shape

NEEDED = ("api.yaml", "errors.yaml")
"""Files that every API has; the others are for what not every API has."""


def model_of(source: Source, specs: Path, cache: Cache = NOWHERE) -> Api:
    """Return the model of one API.

    Raises:
        SpecError: with all its problems; a part that does not match its schema is not examined further.
    """
    prefix = f"{specs.name}/{source.name}"
    # One report per line: a value that could not be read does not match its schema either.
    lines = {(problem.file, problem.line) for problem in source.problems}
    shape = [*check_shape(source, prefix, cache), *_files(source, prefix)]
    unread = {problem.file for problem in source.problems} - {f"{prefix}/{name}" for name in source.files}
    # The builders rely on the shape, so they never see a source that does not match its schemas.
    # If a file is unreadable, the rest cannot be judged: that file may declare what the others name.
    if shape or unread:
        misshapen = [problem for problem in shape if (problem.file, problem.line) not in lines]
        raise SpecError([*source.problems, *misshapen, *(() if unread else _of_the_rest(source))])
    built = build(source)
    noted = [*check(built), *undecided(source)]
    if source.problems or noted:
        raise SpecError([*source.problems, *noted])
    return built.api


def _of_the_rest(source: Source) -> Iterator[Problem]:
    """Yield the problems of those parts of a source that match their schemas."""
    from generator.source.salvage import salvage, still_true

    names = salvage(source)
    if names is not None and source.files.keys() >= set(NEEDED):
        yield from still_true(check(build(source)), names)


def _files(source: Source, prefix: str) -> Iterator[Problem]:
    unread = {problem.file for problem in source.problems}
    for name in NEEDED:
        if name not in source.files and f"{prefix}/{name}" not in unread:
            yield Problem(f"{prefix}/{name}", 1, "file", "is missing")
    if not names_module(source.name):
        what = f"`{source.name}` cannot name a module: use snake case, and no Python keyword; rename the folder"
        yield Problem(f"{prefix}/api.yaml", 1, "folder", what)
