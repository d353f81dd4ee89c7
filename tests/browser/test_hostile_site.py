"""A site of a spec whose texts attack, in a real browser."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from generator.ground.tree import ROOT, plain_files
from generator.model.summarize import summary_of
from generator.output.render import api_texts, shared_texts
from generator.reference.offers import offers
from tests.browser.conftest import Browser, served
from tests.support.made import TEMPLATES
from tests.test_hostile_text import model

PYTHON = ROOT / ".venv-site" / "bin" / "python"
BUILD = "import sys; from pathlib import Path; from generator.site.build import build; build(*map(Path, sys.argv[1:]))"
ATTACKS = [
    "<img src=x onerror=alert(1)>",
    "</title><script>alert(2)</script>",
    "</script><script>alert(3)</script>",
    "[click](javascript:alert(4))",
    "<svg/onload=alert(5)>",
    '"><b onmouseover=alert(6)>',
    "`</code><img src=x onerror=alert(7)>`",
    "{{ 7 * 7 }}{% raw %}",
]
PAGES = [
    "index",
    "demo/index",
    "demo/errors",
    "demo/enums",
    "demo/authentication",
    "demo/signing",
    "demo/changes",
    "demo/streams/index",
]
MADE = """
const roots = [document, ...[...document.querySelectorAll('*')].map(e => e.shadowRoot).filter(Boolean)];
const attack = e => [...e.attributes].some(a => a.name.startsWith('on') || /^javascript:/.test(a.value));
return roots.flatMap(root => [...root.querySelectorAll('*')]).filter(attack).map(e => e.outerHTML);
"""


@pytest.fixture(scope="module", params=range(len(ATTACKS)), ids=lambda number: f"attack {number + 1}")
def hostile(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site whose spec says nothing else; every attack is its title once."""
    if not PYTHON.is_file():
        pytest.skip("the site builder is not installed: run `make site`")
    folder: Path = tmp_path_factory.mktemp("hostile")
    api = model(ATTACKS[request.param :] + ATTACKS[: request.param])
    texts = (
        plain_files(TEMPLATES)
        | api_texts(TEMPLATES, api, "0")
        | shared_texts(TEMPLATES, [summary_of(api, offers(api))])
    )
    for path, content in texts.items():
        (folder / "generated" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "generated" / path).write_bytes(content)
    command = [str(PYTHON), "-c", BUILD, str(folder / "generated"), str(folder / "site")]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, capture_output=True)
    with served(folder / "site") as address:
        yield address


def test_no_text_of_a_spec_runs(browser: Browser, hostile: str) -> None:
    """Neither a page nor the search makes markup or scripts of what a spec says; an alert would fail the test."""
    reader = replace(browser, site=hostile)
    for page in PAGES:
        reader.open(f"{page}.html")
        assert [] == reader.run(MADE)
    for words in ("alert", "demo", "click"):
        reader.open("demo/index.html")
        reader.search(words)
        assert [] == reader.run(MADE)
