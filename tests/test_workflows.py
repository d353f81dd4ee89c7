"""The workflows on the forge: what they may do, and what a page's text may do to them."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator.ground.tree import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def load_script() -> ModuleType:
    """Load the script that prints the body."""
    spec = importlib.util.spec_from_file_location("drift_body", ROOT / ".github" / "drift_body.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BODY = load_script()


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_hash(workflow: Path) -> None:
    """A tag can be moved to other code; the hash of a commit can't."""
    for action in re.findall(r"uses: (\S+)", workflow.read_text("utf-8")):
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action)


def test_nothing_may_write_while_pages_are_read() -> None:
    """The job that reads foreign pages has a token that only reads, and keeps no credentials."""
    drift: Any = yaml.safe_load((ROOT / ".github" / "workflows" / "drift.yml").read_text("utf-8"))
    assert {} == drift["permissions"]
    assert {"contents": "read"} == drift["jobs"]["read"]["permissions"]
    assert drift["jobs"]["read"]["steps"][0]["with"]["persist-credentials"] is False


def test_only_the_job_that_publishes_can_prove_who_it_is() -> None:
    """No token is stored; the job with the right to publish runs no code of the repository, and attests what it sends."""
    release: Any = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8"))
    assert {} == release["permissions"]
    assert ["publish"] == [name for name, job in release["jobs"].items() if "id-token" in job["permissions"]]
    publish = release["jobs"]["publish"]
    assert not any("run" in step for step in publish["steps"])
    assert publish["steps"][-1]["with"]["attestations"] is True
    assert "secrets." not in (ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8")


@given(st.text(alphabet=st.sampled_from("`~\n<>ab#@ \x1b\u202e"), max_size=400))
def test_no_page_leaves_its_fence(text: str) -> None:
    """Whatever a page says stays inside one block of code, without control or direction marks."""
    body = BODY.body(text, "https://example.com/run")
    fence = re.search(r"^(`{3,})text$", body, re.MULTILINE)
    assert fence is not None
    assert 2 == len(re.findall(rf"^{fence[1]}(?:text)?$", body, re.MULTILINE))
    assert not re.search(r"[\x1b\u202e]", body)


def test_a_long_report_is_cut_below_the_limit() -> None:
    """A body that the forge would refuse is cut at a line, and says where the whole is."""
    body = BODY.body("x" * 99 + "\n" + "a line\n" * 20_000, "https://example.com/run")
    assert len(body) < 65_536
    assert "[cut here]" in body
    assert "https://example.com/run" in body


def test_a_report_that_is_cut_begins_with_what_changed_of_each_api() -> None:
    """The last one may have the worst change."""
    report = "lamps: 1 changes (1 new) since the last reading\n" + "a line\n" * 20_000
    body = BODY.body(report + "ponds: 2 changes (2 breaking) against the spec\n", "https://example.com/run")
    assert "ponds: 2 changes (2 breaking) against the spec" in body.splitlines()[:8]


def test_there_is_one_branch_and_one_pull_request() -> None:
    """The branch is made anew from main each time, an open pull request is edited, and the checks run on it."""
    drift: Any = yaml.safe_load((ROOT / ".github" / "workflows" / "drift.yml").read_text("utf-8"))
    script = drift["jobs"]["propose"]["steps"][-1]["run"]
    assert "git push --force origin drift" in script
    assert script.index("gh pr edit drift") < script.index("gh pr create --head drift")
    assert "gh workflow run ci.yml --ref drift" in script
    checks: Any = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))
    assert "workflow_dispatch" in checks[True]  # YAML reads `on` as a truth


def test_a_quiet_night_proposes_nothing() -> None:
    """Without a change of the files there is no pull request, and without a page that was not read no failure."""
    drift: Any = yaml.safe_load((ROOT / ".github" / "workflows" / "drift.yml").read_text("utf-8"))
    assert "needs.read.outputs.changed == 'true'" in drift["jobs"]["propose"]["if"]
    last = drift["jobs"]["read"]["steps"][-1]
    assert 'test "$(cat report/status)" -le 1' == last["run"]


def test_what_the_repository_must_allow_is_written_down() -> None:
    """Where the workflow is, since nobody looks for it elsewhere."""
    text = (ROOT / ".github" / "workflows" / "drift.yml").read_text("utf-8")
    assert "Allow GitHub Actions to create and approve pull" in text.replace("\n# ", " ")


SITE: Any = yaml.safe_load((ROOT / ".github" / "workflows" / "site.yml").read_text("utf-8"))


def test_a_pull_request_only_previews_the_site() -> None:
    """What a stranger proposes is built without any right, and published by nobody; releases alone are."""
    assert {} == SITE["permissions"]
    build, publish = SITE["jobs"]["build"], SITE["jobs"]["publish"]
    assert {"contents": "read"} == build["permissions"]
    assert build["steps"][0]["with"]["persist-credentials"] is False
    assert "github.ref_type == 'tag'" == publish["if"]
    assert {"push", "pull_request", "workflow_dispatch"} == set(SITE[True])  # YAML reads `on` as a truth
    assert {"tags": ["v*"]} == SITE[True]["push"]


def test_the_job_that_pushes_the_site_runs_no_code_of_the_repository() -> None:
    """It commits what the other job built, and calls git alone."""
    (script,) = [step["run"] for step in SITE["jobs"]["publish"]["steps"] if "run" in step]
    words = {line.split()[0] for line in script.strip().splitlines()}
    assert {"git", "if"} == words
    assert "python" not in script
    assert "make" not in script


def publish_by_git(folder: Path, upstream: Path, tag: str, files: dict[str, str]) -> None:
    """Do what the workflow's last step does, with a repository beside it in place of the forge's."""
    published, clone = folder / f"published-{tag}", folder / f"clone-{tag}"
    for name, text in files.items():
        (published / name).parent.mkdir(parents=True, exist_ok=True)
        (published / name).write_text(text)
    git("clone", "--quiet", str(upstream), str(clone), at=folder)
    script = SITE["jobs"]["publish"]["steps"][-1]["run"]
    env = {**os.environ, "FOLDER": str(published), "GITHUB_REF_NAME": tag}
    subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=clone, env=env, check=True, capture_output=True)


def git(*arguments: str, at: Path) -> str:
    return subprocess.run(["git", *arguments], cwd=at, check=True, capture_output=True, text=True).stdout


def test_the_branch_of_the_site_holds_what_was_built(tmp_path: Path) -> None:
    """The first release makes the branch, the next one adds a commit, and files that are gone are gone."""
    upstream = tmp_path / "upstream"
    git("init", "--quiet", "--initial-branch", "main", str(upstream), at=tmp_path)
    (upstream / "code.py").write_text("code")
    git("add", "--all", at=upstream)
    git("-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "--quiet", "--message", "x", at=upstream)
    publish_by_git(tmp_path, upstream, "v1.0.0", {"1.0.0/index.html": "one", "old.html": "", ".nojekyll": ""})
    publish_by_git(
        tmp_path, upstream, "v1.1.0", {"1.0.0/index.html": "one", "1.1.0/index.html": "two", ".nojekyll": ""}
    )
    listed = git("ls-tree", "-r", "--name-only", "gh-pages", at=upstream).split()
    assert [".nojekyll", "1.0.0/index.html", "1.1.0/index.html"] == listed
    subjects = git("log", "--format=%s", "gh-pages", at=upstream).splitlines()
    assert ["docs: publish v1.1.0", "docs: publish v1.0.0"] == subjects
