"""Building and publishing the site: descriptions, versions, and no more work than what changed."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from generator.ground.tree import ROOT, plain_files
from generator.model.summarize import summary_of
from generator.output.render import api_texts, shared_texts
from generator.reference.offers import offers
from generator.site.gather import LONGEST, description, pages_to_build
from generator.site.versions import VersionRefused, kept, publish
from tests.support.made import TEMPLATES
from tests.test_hostile_text import model

PYTHON = ROOT / ".venv-site" / "bin" / "python"
BUILD = (
    "import sys; from pathlib import Path; from generator.site.build import build; "
    "generated, site, kept = map(Path, sys.argv[1:4]); "
    "print(build(generated, site, kept=kept, address=sys.argv[4]).changed)"
)
NEEDS_BUILDER = pytest.mark.skipif(not PYTHON.is_file(), reason="the site builder is not installed: run `make tools`")


def test_every_page_has_a_description_of_its_own_length() -> None:
    """Search engines and chats find a description on every page, and show all of it."""
    pages = {name: text.decode() for name, text in pages_to_build(ROOT / "generated").items() if name.endswith(".md")}
    found = {name: text.split("---\n")[1].partition("description: ")[2].splitlines()[0] for name, text in pages.items()}
    assert [] == [name for name, text in found.items() if len(text) < 20]
    assert [] == [name for name, text in found.items() if len(json.loads(text)) > LONGEST + 60]  # entities take more


def test_an_api_is_one_file_for_language_models() -> None:
    """`llms-full.txt` has every page of its API once, whole."""
    built = pages_to_build(ROOT / "generated")
    whole = built["sixmm/llms-full.txt"].decode()
    pages = [name for name in built if name.startswith("sixmm/") and name.endswith(".md")]
    assert sorted(pages) == sorted(re.findall(r"^<!-- (.+) -->$", whole, re.MULTILINE))
    for name in pages:
        assert (ROOT / "generated" / "docs" / name).read_text("utf-8").split("---\n", 2)[2].strip() in whole


def test_a_description_is_what_a_page_says_first() -> None:
    """Headings, tables and code are no description, and the API is named where the text does not."""
    body = "# place_order\n\nPlace an *order* with [`price`](#price).\n\n```python\nx\n```\n\n| a |\n|---|\n"
    assert "Place an order with price. (Demo)" == description(body, "Demo")
    assert "Demo orders." == description("Demo orders.", "Demo")
    assert LONGEST >= len(description("word " * 100, "Demo"))


def site_at(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / "index.html").write_text(text)
    (folder / "404.html").write_text(f"none in {text}")
    return folder


def test_each_version_stays_and_the_highest_is_latest(tmp_path: Path) -> None:
    """A correction of an old release is published beside the newer ones, and does not become `latest`."""
    out = tmp_path / "out"
    for number, version in enumerate(["0.9.0", "0.10.0rc1", "0.10.0", "0.9.1"]):
        versions = publish(site_at(tmp_path / str(number), version), out, version)
    assert ["0.10.0", "0.10.0rc1", "0.9.1", "0.9.0"] == versions
    assert versions == [one["version"] for one in json.loads((out / "versions.json").read_text())]
    assert "0.10.0" == (out / "latest" / "index.html").read_text()
    assert {version: version for version in versions} == {
        one: (out / one / "index.html").read_text() for one in versions
    }
    assert "none in 0.10.0" == (out / "404.html").read_text()
    assert "latest/index.html" in (out / "index.html").read_text()


@pytest.mark.parametrize(
    ("versions", "newest", "gone"),
    [
        (["1.2.0", "1.1.0", "1.0.0"], "1.2.0", []),
        (["1.3.0", "1.2.0", "1.1.0", "1.0.0"], "1.3.0", ["1.0.0"]),
        (["1.3.0", "1.2.0", "1.2.0rc1", "1.0.0"], "1.3.0", ["1.2.0rc1"]),
        (["1.3.0rc1", "1.2.0", "1.1.0", "1.0.1"], "1.0.1", ["1.1.0"]),
    ],
)
def test_only_the_last_versions_stay(
    monkeypatch: pytest.MonkeyPatch, versions: list[str], newest: str, gone: list[str]
) -> None:
    """The host has an end; candidates go before releases, and what was just published never goes."""
    monkeypatch.setattr("generator.site.versions.MOST", 3)
    assert [version for version in versions if version not in gone] == kept(versions, newest)


def test_a_version_that_goes_takes_its_pages_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither its folder nor its name in the list is left."""
    monkeypatch.setattr("generator.site.versions.MOST", 1)
    for version in ("1.0.0", "1.1.0"):
        publish(site_at(tmp_path / version, version), tmp_path / "out", version)
    assert ["1.1.0", "latest"] == sorted(path.name for path in (tmp_path / "out").iterdir() if path.is_dir())
    assert ["1.1.0"] == [one["version"] for one in json.loads((tmp_path / "out" / "versions.json").read_text())]


def test_what_is_no_version_is_not_published(tmp_path: Path) -> None:
    """A tag with another form cannot name a folder outside."""
    with pytest.raises(VersionRefused):
        publish(site_at(tmp_path / "site", ""), tmp_path / "out", "../1.0.0")
    assert not (tmp_path / "out").exists()


def build(folder: Path, kept: str = "kept", site: str = "site", address: str = "") -> int:
    """Build the site of a folder in the builder's own environment; return how many files changed."""
    command = [str(PYTHON), "-c", BUILD, str(folder / "generated"), str(folder / site), str(folder / kept), address]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return int(done.stdout.splitlines()[-1])


def contents(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


@NEEDS_BUILDER
def test_only_what_changed_is_written_again(tmp_path: Path) -> None:
    """A second build writes nothing, one after an edit writes that page, and the result is that of a build from nothing."""
    api = model(["Words."])
    texts = (
        plain_files(TEMPLATES)
        | api_texts(TEMPLATES, api, "0")
        | shared_texts(TEMPLATES, [summary_of(api, offers(api))])
    )
    for path, content in texts.items():
        target = tmp_path / "generated" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    assert build(tmp_path) == len(contents(tmp_path / "site"))
    assert 0 == build(tmp_path)
    edited = tmp_path / "generated" / "docs" / "demo" / "changes.md"
    edited.write_text(edited.read_text().replace("# Changes", "# What changed"))
    assert {"demo/changes.html", "demo/changes.md", "demo/llms-full.txt", "search.json"} == _written(tmp_path)
    build(tmp_path, kept="other", site="fresh")
    assert contents(tmp_path / "fresh") == contents(tmp_path / "site")


def _written(folder: Path) -> set[str]:
    before = contents(folder / "site")
    build(folder)
    return {path for path, text in contents(folder / "site").items() if before.get(path) != text}
