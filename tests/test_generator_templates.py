"""The tree of templates is the list of outputs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.ground.tree import ROOT
from tests.support.made import texts_of
from tests.support.specs import models

CODE = {".py", ".j2"}
SPECS = Path(__file__).parent / "cases" / "every_kind_of_text" / "specs"


@pytest.mark.parametrize(
    ("template", "content", "output"),
    [
        ("plain.bin", "{{ copied }}", {"plain.bin": "{{ copied }}"}),
        ("deep/er/plain", "", {"deep/er/plain": ""}),
        ("index.md.j2", "{{ apis | map(attribute='name') | join }}", {"index.md": "demo\n"}),
        ("{api}.txt.j2", "{{ api.client }}", {"demo.txt": "Demo\n"}),
        ("{api}/{group}.txt.j2", "{{ group.class_name }}", {"demo/market.txt": "MarketGroup\n"}),
        (
            "{api}/{group}/{operation}.txt.j2",
            "{{ operation.method }}",
            {"demo/market/place_order.txt": "POST\n", "demo/market/get_price.txt": "GET\n"},
        ),
        ("_macros/said.j2", "{{ never }}", {}),
        ("{api}/empty.txt.j2", "{% if false %}never{% endif %}", {}),
    ],
)
def test_template_adds_its_output(
    tmp_path: Path, cache: Path, template: str, content: str, output: dict[str, str]
) -> None:
    """A file in the tree makes the files that its path names, and no code has to know it."""
    (tmp_path / template).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / template).write_text(content)
    assert output == texts_of(SPECS, cache, tmp_path)


def test_changed_template_changes_its_output(tmp_path: Path, cache: Path) -> None:
    """A template's content is part of what the cache is keyed by."""
    (tmp_path / "{api}.txt.j2").write_text("before")
    texts_of(SPECS, cache, tmp_path)
    (tmp_path / "{api}.txt.j2").write_text("after")
    assert {"demo.txt": "after\n"} == texts_of(SPECS, cache, tmp_path)


def test_template_may_list_imports_that_some_apis_do_not_need(tmp_path: Path, cache: Path) -> None:
    """Unused imports and the empty blocks that they leave are dropped, the others sorted."""
    (tmp_path / "{api}.py.j2").write_text(
        "from typing import TYPE_CHECKING\nfrom json import loads, dumps\nfrom decimal import Decimal\n\n"
        "if TYPE_CHECKING:\n    from os import sep\n\nprint(dumps({}))\n"
    )
    assert {"demo.py": "from json import dumps\n\nprint(dumps({}))\n"} == texts_of(SPECS, cache, tmp_path)


def test_no_exchange_is_named_outside_its_spec() -> None:
    """What is odd about an exchange is data of its spec; generator and templates know none of them."""
    specs = models()
    names = {word for api in specs for word in (api.name.partition("_")[0], api.client)}
    named = re.compile(rf"(?<![a-z])({'|'.join(map(re.escape, sorted(names)))})", re.IGNORECASE)
    files = [path for root in ("generator", "templates") for path in (ROOT / root).rglob("*") if path.suffix in CODE]
    # The guide, and the order on the first page: programs that a person copies call some exchange by its name.
    docs = ROOT / "templates" / "docs"
    files = [path for path in files if path.parent != docs / "guide" and path != docs / "index.md.j2"]
    found = {path.relative_to(ROOT).as_posix(): named.findall(path.read_text("utf-8")) for path in files}
    assert {} == {path: words for path, words in found.items() if words}
