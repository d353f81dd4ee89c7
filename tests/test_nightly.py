"""The steps of the nightly workflow, run in a repository of their own: a forge is stood in for by a program called gh."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.ground.tree import ROOT

JOBS: Any = yaml.safe_load((ROOT / ".github" / "workflows" / "drift.yml").read_text("utf-8"))["jobs"]
GH = """\
#!/bin/sh
echo "$@" | cut -d' ' -f1-3 >> "$CALLS"
case "$1 $2" in
  "pr list") cat "$OPEN" ;;
  "pr create") echo 7 > "$OPEN" ;;
esac
"""
READER = '#!/bin/sh\nif [ "$1" = -m ]; then echo "lamps: 1 changes"; echo "$UNREAD" >&2; exit "$STATUS"; fi\n'


def step(job: str, name: str) -> str:
    """The shell script of a step."""
    return str(next(step["run"] for step in JOBS[job]["steps"] if step.get("name") == name))


@dataclass
class Place:
    """A repository with its origin, and what the steps see."""

    folder: Path
    clone: Path
    environment: dict[str, str]

    def run(self, script: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a step as the forge does."""
        return subprocess.run(
            ["bash", "-e", "-c", script],
            cwd=self.clone,
            env=self.environment | more,
            capture_output=True,
            text=True,
            check=False,
        )

    def git(self, *arguments: str) -> str:
        """Ask git, and return what it says."""
        asked = subprocess.run(
            ["git", *arguments],
            cwd=self.clone,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return asked.stdout


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A repository with a spec, pushed to a bare origin."""
    program, origin, clone = tmp_path / "bin" / "gh", tmp_path / "origin.git", tmp_path / "clone"
    program.parent.mkdir()
    program.write_text(GH, "utf-8")
    program.chmod(0o755)
    (tmp_path / "open").touch()
    environment = os.environ | {
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_{what}": "lamp@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        "CALLS": str(tmp_path / "calls"),
        "OPEN": str(tmp_path / "open"),
        "FOUND": str(tmp_path / "found"),
        "RUN": "https://example.com/run",
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
    }
    clone.mkdir()
    made = Place(tmp_path, clone, environment)
    for name in ("specs/lamps.yaml", "generated/lamps.py", "README.md"):
        (clone / name).parent.mkdir(exist_ok=True)
        (clone / name).write_text("lit\n", "utf-8")
    shutil.copytree(ROOT / ".github", clone / ".github")
    made.git("init", "--quiet", "--initial-branch", "main")
    made.git("add", "--all")
    made.git("commit", "--quiet", "--message", "lamps")
    made.git("init", "--quiet", "--bare", str(origin))
    made.git("remote", "add", "origin", str(origin))
    made.git("push", "--quiet", "origin", "main")
    return made


def found(place: Place, words: str) -> None:
    """Let the job that reads find a change, and leave its artifact."""
    (place.clone / "specs" / "lamps.yaml").write_text(words, "utf-8")
    (place.clone / "report").mkdir(exist_ok=True)
    kept = place.run(step("read", "Keep the change as a patch"))
    assert 0 == kept.returncode, kept.stderr
    shutil.rmtree(place.folder / "found", ignore_errors=True)
    shutil.copytree(place.clone / "report", place.folder / "found")
    (place.folder / "found" / "drift.txt").write_text(f"lamps: {words}", "utf-8")
    shutil.rmtree(place.clone / "report")
    place.git("reset", "--quiet", "--hard")


def test_a_second_night_updates_the_branch_and_the_request_of_the_first(place: Place) -> None:
    """One branch, one commit above main, one pull request; the checks are started each time."""
    for words in ("dim\n", "dark\n"):
        found(place, words)
        proposed = place.run(step("propose", "Update the branch and its pull request"))
        assert 0 == proposed.returncode, proposed.stderr
        assert words.strip() in (place.folder / "body.md").read_text("utf-8")
        place.git("switch", "--quiet", "main")
        place.git("branch", "--quiet", "--delete", "--force", "drift")
    calls = (place.folder / "calls").read_text("utf-8").splitlines()
    night = ["pr list --head", "pr {} ", "workflow run ci.yml"]
    assert [night[0], "pr create --head", night[2], night[0], "pr edit drift", night[2]] == calls
    assert "dark\n" == place.git("show", "origin/drift:specs/lamps.yaml")
    assert "1\n" == place.git("rev-list", "--count", "main..origin/drift")


def test_a_quiet_night_leaves_no_patch(place: Place) -> None:
    """Nothing says that something changed, so that the second job never starts."""
    (place.clone / "report").mkdir()
    assert 0 == place.run(step("read", "Keep the change as a patch")).returncode
    assert not (place.folder / "output").exists()
    assert b"" == (place.clone / "report" / "change.patch").read_bytes()


@pytest.mark.parametrize(("status", "is_green"), [("0", True), ("1", True), ("2", False)])
def test_only_a_page_that_could_not_be_read_fails_the_night(place: Place, status: str, *, is_green: bool) -> None:
    """After what was found is kept; the report says which page it was."""
    reader = place.clone / ".venv" / "bin" / "python"
    reader.parent.mkdir(parents=True)
    reader.write_text(READER, "utf-8")
    reader.chmod(0o755)
    (place.folder / "bin" / "make").symlink_to("/bin/true")
    read = place.run(step("read", "Read the documentation"), STATUS=status, UNREAD="lamps: the page is empty")
    assert 0 == read.returncode, read.stderr
    report = (place.clone / "report" / "drift.txt").read_text("utf-8")
    assert (True, is_green) == ("the page is empty" in report, "could not be read" not in report)
    last = place.run(step("read", "Fail where pages could not be read"))
    assert is_green == (0 == last.returncode)
