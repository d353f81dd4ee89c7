"""Whether a file obeys its schema is said in a moment, and as jsonschema says it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from generator.ground.problems import Problem
from generator.source import schema
from generator.source.folder import read_source
from generator.source.load import parse
from tests.support.made import TEMPLATES

SPECS = TEMPLATES.parent / "specs"
DEMO = Path(__file__).parent / "cases" / "every_kind_of_text" / "specs" / "demo"
FILES = sorted(path.relative_to(DEMO).as_posix() for path in DEMO.rglob("*.yaml"))
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 10**9, Decimal("0.5"), Decimal(1), "", " ", "a", "A b", "(a+)+", "(", "1", "1\n"),
    *([], ["a"], ["a", "a"], [1, True], [{}], {}, {"a": 1}, {"name": "a"}, {"A b": "a"}),
)
ROUNDS = 120
"""Mistakes tried in each file; jsonschema takes a few milliseconds for each."""


@pytest.mark.parametrize("api", sorted(path.parent.name for path in SPECS.glob("*/api.yaml")))
def test_files_of_real_specs_are_sound(api: str) -> None:
    """jsonschema, which is slow, is asked about no file of this repository: every keyword of the schemas is known."""
    files = read_source(SPECS, SPECS / api).files
    assert [] == [name for name, content in files.items() if not schema._sound()(str(schema.schema_of(name)), content)]


@pytest.mark.parametrize("file", FILES)
def test_verdict_is_that_of_jsonschema(file: str) -> None:
    """Whatever is put in the place of a value, or beside it, both say the same of the file."""
    name, chance = str(schema.schema_of(file)), random.Random(file)
    content = parsed(DEMO / file)
    judge = schema._validator(name)
    for _ in range(ROUNDS):
        mistaken, what = with_mistake(content, chance)
        assert judge.is_valid(mistaken) is schema._sound()(name, mistaken), what


def parsed(path: Path) -> Any:
    """Read a file that is sound."""
    problems = list[Problem]()
    content = parse(path.read_bytes(), path.name, problems)
    assert [] == problems
    return content


def with_mistake(content: Any, chance: random.Random) -> tuple[Any, str]:
    """Return a copy in which one value is another one, is missing, or has company; and what was done."""
    changed = deepcopy(content)
    inside, key = chance.choice([*places(changed)])
    deed = chance.choice(["replace", "replace", "remove", "add", "repeat"])
    value = chance.choice([*ODD, deepcopy(chance.choice([*values(changed)]))])
    if deed == "replace":
        inside[key] = value
    elif deed == "remove":
        del inside[key]
    elif isinstance(inside, list):
        inside.append(value if deed == "add" else deepcopy(inside[key]))
    else:
        inside[chance.choice(["colour", "name", "type", "A b"])] = value
    return changed, f"{deed} {key!r}: {value!r}"


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every mapping and list with each of its keys or indexes."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    for key in keys:
        yield value, key
        yield from places(value[key])


def values(value: Any) -> Iterator[Any]:
    """Yield every value in a file."""
    return (inside[key] for inside, key in places(value))
