"""The AsyncAPI documents, held against the official parser and against the streams themselves."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.apis import APIS, Api
from tests.support.streams import EXAMPLES, examples

ROOT = Path(__file__).parent.parent
TOOL = ROOT / "tests" / "tools" / "asyncapi"
DOCUMENTS = sorted((ROOT / "generated" / "asyncapi").glob("*.json"))


def named(value: object) -> str:
    return value.name if isinstance(value, Api) else str(value)


def document(api: Api) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "generated" / "asyncapi" / f"{api.name}.json").read_text("utf-8"))
    return found


def test_validate_with_the_official_parser() -> None:
    """The official parser finds no error in any document."""
    node = shutil.which("node")
    if node is None or not (TOOL / "node_modules" / "@asyncapi").is_dir():
        pytest.skip("the official AsyncAPI parser is not installed: run `make tools`")
    checked = subprocess.run(
        [node, "check.mjs", *map(str, DOCUMENTS)], cwd=TOOL, capture_output=True, text=True, check=False
    )
    assert (0, "") == (checked.returncode, checked.stdout), checked.stderr


@pytest.mark.parametrize("api", APIS, ids=named)
def test_has_every_channel(api: Api) -> None:
    """Every channel is in the document, under its own name."""
    wanted = {example.channel.SPEC.name for example in examples(api)}
    assert set() == wanted - set(document(api)["channels"])


@pytest.mark.parametrize("api", APIS, ids=named)
def test_every_reference_leads_somewhere(api: Api) -> None:
    """No `$ref` points at something that is not there."""
    whole = document(api)
    assert [] == [ref for ref in _references(whole) if _at(whole, ref) is None]


def test_there_is_one_for_every_api() -> None:
    """Every API that has streams has a document."""
    assert sorted({api.name for api, _ in EXAMPLES}) == [path.stem for path in DOCUMENTS]


def _references(value: Any) -> list[str]:
    if isinstance(value, list):
        return [ref for member in value for ref in _references(member)]
    if not isinstance(value, dict):
        return []
    found = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
    return [*found, *(ref for member in value.values() for ref in _references(member))]


def _at(whole: Any, ref: str) -> Any:
    for step in ref.removeprefix("#/").split("/"):
        whole = whole.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(whole, dict) else None
    return whole
