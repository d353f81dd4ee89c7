"""Where a run reads, and where it keeps what it made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from generator.ground.tree import ROOT


@dataclass(frozen=True)
class Folders:
    """The folders to read from, and the folder of the cache."""

    specs: Path = ROOT / "specs"
    templates: Path = ROOT / "templates"
    cache: Path = ROOT / ".cache" / "generator"
