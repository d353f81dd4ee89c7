"""What the README says is true."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from venues.aster_futures import AsyncAsterFutures
from venues.bitget_margin import BitgetMargin
from venues.mock import Mock

ROOT = Path(__file__).parent.parent
SPEC_FILES = ("api", "types", "errors", "rest", "streams", "defs")
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def sample(part: str) -> str:
    """Return the sample in Python that has a part."""
    return next(block for block in blocks("python") if part in block)


def test_first_call_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The sample runs as it is printed, against the mock exchange, and prints an order id."""
    with Mock("bitget_margin", remembers=False) as mock:
        servers = BitgetMargin.PROFILE.servers
        assert isinstance(servers, dict)
        monkeypatch.setitem(servers, "production", mock.url)
        for name, value in mock.credentials.items():
            monkeypatch.setenv(f"BITGET_MARGIN_{name.upper()}", value)
        exec(compile(sample("BitgetMargin.from_env()"), "README.md", "exec"), {})
        assert 1 == mock.count("isolated.place_order")
    assert capsys.readouterr().out.strip()


@pytest.fixture
def aster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mock]:
    """A mock exchange in the place of Aster."""
    with Mock("aster_futures", remembers=False) as mock:
        servers, addresses = AsyncAsterFutures.PROFILE.servers, AsyncAsterFutures.PROFILE.streams
        assert isinstance(servers, dict)
        assert isinstance(addresses, dict)
        monkeypatch.setitem(servers, "production", mock.url)
        monkeypatch.setitem(addresses, "production", mock.url.replace("http", "ws", 1))
        for name, value in mock.credentials.items():
            monkeypatch.setenv(f"ASTER_FUTURES_{name.upper()}", value)
        yield mock


def test_streams_run(aster: Mock, capsys: pytest.CaptureFixture[str]) -> None:
    """The sample of streams runs as it is printed, against the mock exchange, until an order is told."""
    exec(compile(sample("streams.subscribe"), "README.md", "exec"), {})
    assert 1 == aster.streams.keys.made
    assert "NEW" in capsys.readouterr().out.split()


def test_test_of_a_bot_passes() -> None:
    """The sample of a test passes as it is printed."""
    scope: dict[str, Any] = {}
    exec(compile(sample("def test_"), "README.md", "exec"), scope)
    tests = [test for name, test in scope.items() if name.startswith("test_")]
    assert 1 == len(tests)
    tests[0]()


def test_commands_exist() -> None:
    """Every make target that the README names is there."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)", README)) - {"sure"} <= targets


def test_the_language_is_taught() -> None:
    """Each key that a spec may have stands in specs/README.md."""
    taught = set(re.findall(r"\w+", (ROOT / "specs" / "README.md").read_text("utf-8")))
    schemas = (json.loads((ROOT / "specs" / "schema" / f"{name}.json").read_text("utf-8")) for name in SPEC_FILES)
    assert set() == {key for schema in schemas for key in keys_of(schema)} - taught


def keys_of(schema: object) -> Iterator[str]:
    """Yield the properties that a schema describes, however deep."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
    for inner in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from keys_of(inner)
