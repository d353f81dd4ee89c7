"""What the guide says is true: every sample runs as it is printed, against the mock exchange."""

from __future__ import annotations

import re
import subprocess
import sys
from asyncio import CancelledError
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tests.support.apis import APIS
from tests.test_readme import blocks
from venues import errors
from venues.binance_spot import BinanceSpot
from venues.mock import Fault, Mock

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "generated" / "docs"
PAGES = [DOCS / "index.md", *sorted((DOCS / "guide").glob("*.md"))]
SAMPLE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
TAB = re.compile(r'^=== "([^"]+)"\n\n    ```py\n(.*?)^    ```', re.MULTILINE | re.DOTALL)
COMPARED = [(of, dedent(code)) for of, code in TAB.findall((DOCS / "guide" / "coming_from.md").read_text("utf-8"))]
SAMPLES: list[tuple[str, str]] = [
    (page.stem, text) for page in PAGES for text in SAMPLE.findall(page.read_text("utf-8"))
]

SAMPLES.append(("coming_from", "\n".join(code for of, code in COMPARED if of == "Venues")))  # one program in ten parts
OTHERS = {
    "ccxt": ("ccxt", "binance"),
    "python-binance": ("binance.client", "Client"),
    "pybit": ("pybit.unified_trading", "HTTP"),
}
PEERS = [ROOT / ".venv-bench" / "bin" / "python", ROOT / ".cache" / "foreign" / "bin" / "python"]


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


def sample(part: str) -> str:
    """Return the first sample of the guide that has a part."""
    return next(text for _, text in SAMPLES if part in text)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        pytest.param(sample("streams.book("), "61250.1", id="book"),
        pytest.param(sample("client.instrument("), "BTCUSDT 61250.1 0.051\n{}\nmm-", id="amounts"),
        pytest.param(sample("client.wait("), "FILLED", id="wait"),
    ],
)
def test_sample_prints_what_its_page_says(
    text: str, printed: str, exchanges: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """A reader who compares sees the best levels, the rounded amounts and the state that the page speaks of."""
    exec(compile(text, "guide.md", "exec"), {"__name__": "__main__"})
    assert printed in capsys.readouterr().out


def test_an_order_lost_to_a_time_limit_is_found() -> None:
    """What the guide prints finds the order behind a canceled task, and behind a time limit that canceled it."""
    names: dict[str, Any] = {}
    exec(sample("def lost_order("), names)
    lost, canceled, late = errors.ExecutionUnknown("a.b", "1", "interrupted"), CancelledError(), TimeoutError()
    canceled.__cause__, late.__cause__ = lost, canceled
    assert [lost, lost, None] == [names["lost_order"](stop) for stop in (canceled, late, ValueError())]


def test_samples_type_check(tmp_path: Path) -> None:
    """The samples of the README and of the guide pass mypy --strict, as a user would run it."""
    # In one run, since most of its time goes into the package that all of them import.
    for number, (page, text) in enumerate([*SAMPLES, *(("readme", text) for text in blocks("python"))]):
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


def test_ten_tasks_are_compared() -> None:
    """Each task is shown with all four clients, and each piece is Python."""
    labels = [of for of, _ in COMPARED]
    assert ["Venues", *OTHERS] * 10 == labels
    for _, code in COMPARED:
        compile(code, "coming_from.md", "exec")


@pytest.mark.parametrize("other", OTHERS)
def test_what_others_are_said_to_have_is_there(other: str) -> None:
    """Every method that the page calls on somebody else's client exists in the version that is installed."""
    module, name = OTHERS[other]
    called = {
        method
        for of, code in COMPARED
        if of == other
        for method in re.findall(r"\b(?:exchange|client|session)\.(\w+)\(", code)
    }
    script = f"import {module} as m; print([n for n in {sorted(called)!r} if not hasattr(m.{name}, n)])"
    done = [
        subprocess.run([p, "-c", script], capture_output=True, text=True, check=False) for p in PEERS if p.is_file()
    ]
    found = [one.stdout.strip() for one in done if not one.returncode]
    if not found:
        pytest.skip(f"{other} is not installed: run `make tools` or `make bench`")
    assert "[]" == found[0]


def test_the_first_order_prints_what_the_home_page_shows(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader sees the output of the first sample before installing anything."""
    text = (DOCS / "index.md").read_text("utf-8")
    sample, shown = SAMPLE.findall(text)[0], re.findall(r"^```text\n(.*?)^```", text, re.MULTILINE | re.DOTALL)[0]
    assert len([line for line in sample.splitlines() if line]) <= 12
    with Mock("binance_spot") as mock:
        mock.account.deposit("USDT", "1000")
        servers = BinanceSpot.PROFILE.servers
        assert isinstance(servers, dict)
        monkeypatch.setitem(servers, "production", mock.url)
        for name, value in mock.credentials.items():
            monkeypatch.setenv(f"binance_spot_{name}".upper(), value)
        exec(compile(sample, "index.md", "exec"), {"__name__": "__main__"})
    assert shown == capsys.readouterr().out


def test_every_program_is_listed() -> None:
    """A reader of the guide finds each program of tests/users, and none that is gone."""
    listed = set(re.findall(r"^\| `(\S+)` \|", (DOCS / "guide" / "programs.md").read_text("utf-8"), re.MULTILINE))
    there = {path.name for path in (ROOT / "tests" / "users").iterdir() if path.suffix in (".py", ".ipynb")}
    assert there - {"__init__.py"} == listed


def test_a_deprecated_api_says_so_wherever_it_is_met() -> None:
    """Its overview, the list of states, the first page and the docstring of its client all say it."""
    home, states = ((DOCS / name).read_text("utf-8") for name in ("index.md", "guide/state.md"))
    for api in APIS:
        is_deprecated = "**Deprecated.**" in (DOCS / api.name / "index.md").read_text("utf-8")
        for text, link in ((home, f"({api.name}/index.md)"), (states, f"(../{api.name}/index.md)")):
            row = next(line for line in text.splitlines() if line.startswith("|") and link in line)
            assert is_deprecated is ("deprecated" in row.lower()), api.name
        assert is_deprecated is ("Deprecated:" in str(api.client.__doc__)), api.name
    assert "**Deprecated.**" in (DOCS / "bingx_swap" / "index.md").read_text("utf-8")
