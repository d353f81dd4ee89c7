"""Turns a loaded source into a model, or says everything that is wrong with it."""

from __future__ import annotations

from pathlib import Path

from generator.build import build
from generator.load import Source
from generator.model import Api
from generator.naming import API_NAME
from generator.problems import Problem, SpecError
from generator.schema import check_shape

NEEDED = ("api.yaml", "errors.yaml")


def model_of(source: Source, specs: Path) -> Api:
    """Return the model of one API.

    Raises:
        SpecError: with all its problems.
    """
    prefix = f"{specs.name}/{source.name}"
    problems = [*source.problems, *check_shape(source, prefix)]
    problems += [
        Problem(f"{prefix}/{name}", 1, "file", "is missing or cannot be read")
        for name in NEEDED
        if name not in source.files
    ]
    if not API_NAME.fullmatch(source.name):
        problems.append(
            Problem(f"{prefix}/api.yaml", 1, "folder", "the folder's name must be a Python name in snake case")
        )
    if problems:
        raise SpecError(problems)
    api, noted = build(source)
    if noted:
        raise SpecError(noted)
    return api
