"""Where a run reads, and where it keeps what it made."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from generator.ground.tree import ROOT


class Folders(NamedTuple):
    """The folders to read from, and the folder of the cache."""

    specs: Path = ROOT / "specs"
    templates: Path = ROOT / "templates"
    cache: Path = ROOT / ".cache" / "generator"
