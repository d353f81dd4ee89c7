"""What the guide says is true: every sample runs as it is printed, against the mock exchange."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.support.apis import APIS
from venues import errors
from venues.mock import Fault, Mock

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "generated" / "docs"
PAGES = [DOCS / "index.md", *sorted((DOCS / "guide").glob("*.md"))]
SAMPLE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
SAMPLES = [(page.stem, text) for page in PAGES for text in SAMPLE.findall(page.read_text("utf-8"))]


@pytest.fixture
def exchanges(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Mock exchanges in the places of all servers of the APIs that a sample imports, and credentials for `from_env`."""
    text = str(request.getfixturevalue("text"))
    with ExitStack() as stack:
        for api in APIS:
            if f"venues.{api.name} " not in text:
                continue
            mock, profile = stack.enter_context(Mock(api.name, remembers=False)), api.client.PROFILE
            for servers, address in ((profile.servers, mock.url), (profile.streams, mock.url.replace("http", "ws", 1))):
                assert isinstance(servers, dict)
                for name in servers:
                    monkeypatch.setitem(servers, name, address)
            for name, value in mock.credentials.items():
                monkeypatch.setenv(f"{api.name}_{name}".upper(), value)
        yield


@pytest.mark.parametrize(("page", "text"), SAMPLES, ids=[f"{page}-{n}" for n, (page, _) in enumerate(SAMPLES)])
def test_sample_runs(page: str, text: str, exchanges: None) -> None:
    """A reader who copies a sample gets a program that works."""
    exec(compile(text, f"{page}.md", "exec"), {"__name__": "__main__"})


def test_samples_type_check(tmp_path: Path) -> None:
    """The samples pass mypy --strict, as a user would run it."""
    for number, (page, text) in enumerate(SAMPLES):
        (tmp_path / f"{page}_{number}.py").write_text(text, "utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--config-file", "", str(tmp_path)]
    env = {"MYPYPATH": str(ROOT / "generated"), "PATH": ""}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    assert "Success" in done.stdout, done.stdout + done.stderr


def test_every_kind_of_error_is_explained() -> None:
    """A reader finds each exception that a program can meet, but for groups of others."""
    text = (DOCS / "guide" / "errors.md").read_text("utf-8")
    kinds: list[Any] = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, Exception)]
    own = [one for one in kinds if one.__module__ == errors.__name__ and not one.__subclasses__()]
    assert [] == [one.__name__ for one in own if f"`{one.__name__}`" not in text and not one.__name__.startswith("_")]


def test_what_the_guide_names_is_there() -> None:
    """Exceptions, faults and options of the command line that a reader looks for exist under these names."""
    text = "".join(page.read_text("utf-8") for page in PAGES)
    faults = set(re.findall(r"Fault\.([A-Z_]+)", text))
    assert set() == faults - set(Fault.__members__)
    table = re.findall(r"^\| (`.+?`) \|", (DOCS / "guide" / "errors.md").read_text("utf-8"), re.MULTILINE)
    assert set() == {name for row in table for name in re.findall(r"`(\w+)`", row)} - vars(errors).keys()
    commands = set(re.findall(r"^venues ([a-z]+)", text, re.MULTILINE))
    assert set() == {
        command for command in commands if not (ROOT / "generated" / "venues" / "cli" / f"{command}.py").is_file()
    }
