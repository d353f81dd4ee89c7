"""Makes printed Python readable: ruff drops and sorts imports, and formats as black does.

Templates import whatever their output may need; what it does need is decided here, by one tool for all of them.
ruff prints, because it is sixty times as fast as black; black judges: `make lint` and the tests hold every file against it.
"""

from __future__ import annotations

import ast
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from generator.ground.problems import Problem, SpecError

LINE_LENGTH = 120
_OURS = ("--quiet", "--isolated", "--no-cache", f"--line-length={LINE_LENGTH}", "--target-version=py311")
FORMAT = ("format", *_OURS)
CHECK = (
    "check",
    *_OURS,
    "--fix",
    "--exit-zero",  # invalid Python stops the formatter, too, which reports it
    "--select=F401,TC005,I",  # unused imports, the empty `if TYPE_CHECKING` that they leave, and the order
    # Isolated, so that no pyproject.toml nearby changes the output, ruff takes `venues` for a stranger's.
    "--config=lint.isort.split-on-trailing-comma=false",
    "--config=lint.isort.combine-as-imports=true",  # one import of a group's operations, not hundreds
    "--config=lint.isort.known-first-party=['venues']",
)


def format_all(texts: Mapping[str, str]) -> dict[str, str]:
    """Format Python texts, all at once: starting ruff costs more than a file.

    Raises:
        SpecError: with each text that is not valid Python, and the line.
        OSError: if ruff can't be run.
    """
    if not texts:
        return {}
    with tempfile.TemporaryDirectory(prefix="venues-") as folder:
        # By number: ruff leaves unused imports of an `__init__.py` alone, and paths come from specs.
        files = {path: Path(folder, f"{number}.py") for number, path in enumerate(texts)}
        for path, file in files.items():
            file.write_bytes(texts[path].encode())
        _run(CHECK, folder)
        done = _run(FORMAT, folder)
        if done.returncode != 0:
            raise SpecError([*_errors(texts)] or [Problem("ruff", 1, "output", done.stderr)])
        return {path: file.read_bytes().decode() for path, file in files.items()}


def _run(command: tuple[str, ...], folder: str) -> subprocess.CompletedProcess[str]:
    from ruff import find_ruff_bin

    # Beside the texts, since ruff takes every folder where it runs for a package of ours.
    words = [find_ruff_bin(), *command, "."]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603


def _errors(texts: Mapping[str, str]) -> Iterator[Problem]:
    for path, text in texts.items():
        try:
            ast.parse(text)
        except SyntaxError as error:
            what = f"the template does not print valid Python, {error.msg}: {(error.text or '').strip()}"
            yield Problem(path, error.lineno or 1, "output", what)
