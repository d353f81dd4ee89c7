"""The page that teaches the spec language shows a spec that holds, and editors can explain every key."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from generator.ground.tree import ROOT
from tests.support.made import problems_of

README = (ROOT / "specs" / "README.md").read_text("utf-8")
BLOCK = re.compile(r"```yaml\n# (\S+\.yaml)\n(.*?)```", re.DOTALL)


def test_the_example_is_a_spec(tmp_path: Path, cache: Path) -> None:
    """What the page shows, put together, makes a client without a single problem."""
    texts = defaultdict[str, str](str)
    for file, text in BLOCK.findall(README):
        texts[file] += text
    for file, text in texts.items():
        path = tmp_path / "specs" / "demo" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    assert {"api.yaml", "errors.yaml", "rest/market.yaml", "rest/trade.yaml", "streams.yaml", "types.yaml"} == {*texts}
    assert [] == problems_of(tmp_path / "specs", cache)


def test_every_key_is_described() -> None:
    """An editor has something to say about each key, as it completes it."""
    assert [] == [place for path in (ROOT / "specs" / "schema").glob("*.json") for place in undescribed(path)]


def undescribed(path: Path) -> Iterator[str]:
    """Yield the properties of a schema that neither say what they are nor refer to something that does."""
    schemas = {other.name: json.loads(other.read_text("utf-8")) for other in path.parent.glob("*.json")}

    def below(schema: Any, where: str) -> Iterator[str]:  # Any: JSON
        if isinstance(schema, dict):
            for key, value in (
                schema.get("properties", {}).items() if isinstance(schema.get("properties"), dict) else ()
            ):
                if not has_words(value):
                    yield f"{where}.{key}"
            for key, value in schema.items():
                yield from below(value, f"{where}.{key}")
        elif isinstance(schema, list):
            for index, member in enumerate(schema):
                yield from below(member, f"{where}.{index}")

    def has_words(value: Any) -> bool:  # Any: JSON
        if "description" in value:
            return True
        file, _, place = value.get("$ref", "#").partition("#")
        target = schemas[file or path.name]
        for step in place.strip("/").split("/") if place else ():
            target = target[step]
        return "$ref" in value and "description" in target

    return below(schemas[path.name], path.name)
