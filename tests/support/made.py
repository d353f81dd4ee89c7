"""What the generator makes of a folder of specs."""

from __future__ import annotations

from pathlib import Path

from generator.ground.problems import SpecError
from generator.ground.tree import ROOT
from generator.pipeline.folders import Folders
from generator.pipeline.run import generate
from generator.pipeline.timings import Timings

TEMPLATES = ROOT / "templates"


def texts_of(specs: Path, cache: Path, templates: Path = TEMPLATES) -> dict[str, str]:
    """Return every text that is made, pictures aside: path → content."""
    made = generate(Folders(specs, templates, cache), Timings()).texts
    return {path: content.decode() for path, content in made.items() if not path.endswith(".png")}


def problems_of(specs: Path, cache: Path) -> list[str]:
    """Return every problem, as it is printed; none if there is none."""
    try:
        generate(Folders(specs, TEMPLATES, cache), Timings())
    except SpecError as error:
        return [str(problem) for problem in error.problems]
    return []
