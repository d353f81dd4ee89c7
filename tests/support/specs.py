"""The specs of this project as the generator understands them, read once in a process."""

from __future__ import annotations

from functools import cache

from generator.ground.tree import ROOT, source_folders
from generator.model.api import Api
from generator.pipeline.validate import model_of
from generator.source.folder import read_source

SPECS = ROOT / "specs"


@cache
def model(api: str) -> Api:
    """Return the spec of an API."""
    return model_of(read_source(SPECS, SPECS / api), SPECS)


def models() -> list[Api]:
    """Return the specs of all APIs, by name."""
    return [model(folder.name) for folder in source_folders(SPECS)]
