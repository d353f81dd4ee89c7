"""The same input makes the same bytes, everywhere and every time, and nothing to do costs nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import black
import pytest
from black.mode import TargetVersion

from generator.ground.tree import ROOT
from generator.python.formatter import LINE_LENGTH, format_all
from tests.support.made import TEMPLATES, texts_of

CASES = Path(__file__).parent / "cases"
SPECS = CASES / "every_kind_of_text" / "specs"
SOUND = sorted(case for case in CASES.iterdir() if (case / "expected").is_dir())
"""Cases whose specs have no problems."""
HEAVY = ("jinja2", "black", "jsonschema", "datamodel_code_generator")
DIGEST = """
import hashlib, sys
from pathlib import Path
from generator.pipeline.timings import Timings
from generator.pipeline.folders import Folders
from generator.pipeline.run import generate

texts = generate(Folders(*map(Path, sys.argv[1:4])), Timings()).texts
for path, text in texts.items():
    print(path, hashlib.sha256(text).hexdigest())
"""
MODULES = DIGEST + "\nimport generator.cli\nprint(*sys.modules, sep='\\n', file=sys.stderr)"


def run(code: str, specs: Path, cache: Path, seed: str = "random") -> subprocess.CompletedProcess[str]:
    """Run code in a fresh interpreter."""
    command = [sys.executable, "-c", code, str(specs), str(TEMPLATES), str(cache)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed}
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment, cwd=cache)


@pytest.fixture(scope="module")
def digests(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a fresh interpreter makes in a folder of its own, from nothing."""
    folder = tmp_path_factory.mktemp("first")
    shutil.copytree(SPECS, folder / "specs")
    return run(DIGEST, folder / "specs", folder, seed="1").stdout


def test_another_folder_and_another_order_of_hashes(digests: str, tmp_path: Path) -> None:
    """Neither where the spec lies nor how Python orders its sets is seen in the output."""
    shutil.copytree(SPECS, tmp_path / "elsewhere" / "specs")
    assert digests == run(DIGEST, tmp_path / "elsewhere" / "specs", tmp_path, seed="2").stdout


def test_warm_cache(digests: str, cache: Path) -> None:
    """What comes from the cache is what would be made anew."""
    texts_of(SPECS, cache)
    assert digests == run(DIGEST, SPECS, cache).stdout


def test_unchanged_input_loads_no_heavy_library(cache: Path) -> None:
    """Where nothing changed, nothing is parsed, rendered, checked or formatted."""
    texts_of(SPECS, cache)
    loaded = run(MODULES, SPECS, cache).stderr.splitlines()
    assert [] == [name for name in loaded if name.partition(".")[0] in HEAVY]


def test_sound_edit_loads_no_library_for_mistakes_and_models(tmp_path: Path) -> None:
    """Another summary is checked, rendered and formatted without the libraries that explain mistakes and print models."""
    shutil.copytree(SPECS, tmp_path / "specs")
    texts_of(tmp_path / "specs", tmp_path)
    path = tmp_path / "specs" / "demo" / "rest" / "market.yaml"
    path.write_text(path.read_text("utf-8").replace("Text about an operation.", "Places an order.", 1), "utf-8")
    loaded = run(MODULES, tmp_path / "specs", tmp_path).stderr.splitlines()
    assert ["jinja2"] == sorted({*HEAVY} & {name.partition(".")[0] for name in loaded})


@pytest.mark.parametrize("case", SOUND, ids=lambda case: case.name)
def test_output_is_formatted(case: Path, cache: Path) -> None:
    """Black has nothing to do on what was printed, whatever the spec."""
    mode = black.Mode(line_length=LINE_LENGTH, target_versions={TargetVersion.PY311})
    made = {path: text for path, text in texts_of(case / "specs", cache).items() if path.startswith("venues/demo/")}
    assert [] == [p for p, text in made.items() if p.endswith(".py") and black.format_str(text, mode=mode) != text]


def test_formatting_is_a_fixed_point(cache: Path) -> None:
    """Formatting what was formatted changes nothing: imports are dropped at the first go."""
    texts = texts_of(SPECS, cache)
    made = {path: text for path, text in texts.items() if path.startswith("venues/demo/") and path.endswith(".py")}
    assert made == format_all(made)


def test_output_names_no_machine_and_no_day(cache: Path) -> None:
    """No path of this machine gets into the output."""
    assert [] == [path for path, text in texts_of(SPECS, cache).items() if str(ROOT) in text or str(cache) in text]
