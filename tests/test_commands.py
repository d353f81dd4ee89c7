"""The command line beyond calls: help of an operation, tables, downloads, streams, order books and completion."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.books.test_books import pushing
from tests.support.apis import APIS, OPERATIONS, Api, label
from tests.support.paged_lists import PagedList, Traps, serving
from venues.cli import download
from venues.cli.main import main
from venues.core.request.operation import Operation
from venues.mock import Mock

ASTER = next(api for api in APIS if api.name == "aster_futures")
KLINES = next(one for one in ASTER.operations if one.full_name == "market.get_klines")
LINES = 3_500


class Shell:
    """Runs commands, and returns their exit code, output and complaint."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: str) -> tuple[int, str, str]:
        code = main(words)
        printed = self._capsys.readouterr()
        return code, printed.out, printed.err


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell whose environment has credentials that mock exchanges take."""
    for api in APIS:
        for name, value in Mock(api.name, remembers=False).credentials.items():
            monkeypatch.setenv(f"{api.name}_{name}".upper(), value)
    return Shell(capsys)


@pytest.fixture(scope="module")
def klines() -> PagedList:
    """Klines in pages of 1500."""
    return PagedList(ASTER, KLINES, Traps(), LINES)


@pytest.mark.parametrize(("api", "operation"), OPERATIONS, ids=label)
def test_every_operation_has_help(
    api: Api, operation: Operation[Any], shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    """Help lists every parameter, with its type and whether it is required, and an example that can be parsed."""
    with pytest.raises(SystemExit) as caught:
        main(["call", api.name, operation.full_name, "--help"])
    text = capsys.readouterr().out
    assert 0 == caught.value.code
    for param in operation.params:
        line = next(line for line in text.splitlines() if line.startswith(f"    {param.name} ("))
        assert param.required == line.partition(")")[0].endswith(", required")
    assert f"    venues call {api.name} {operation.full_name}" in text
    assert "(headers and raw body" not in text


def test_help_writes_values_as_the_command_line_takes_them(capsys: pytest.CaptureFixture[str]) -> None:
    """Enums are listed by their values: members are Python's."""
    with pytest.raises(SystemExit):
        main(["call", ASTER.name, KLINES.full_name, "--help"])
    text = capsys.readouterr().out
    assert "interval (Interval, required): Kline interval. One of 1m, 3m, 5m," in text
    assert "HOUR_1" not in text


@pytest.mark.parametrize(("api", "operation"), OPERATIONS, ids=label)
def test_every_answer_can_be_a_table_and_csv(api: Api, operation: Operation[Any], shell: Shell) -> None:
    """Whatever an operation returns has columns, and all lines have all of them."""
    example = {name: json.dumps(value, default=str) for name, value in api.arguments(operation).items()}
    words = [f"{name}={text.strip(chr(34))}" for name, text in example.items()]
    printed = {}
    for form in ("--table", "--csv"):
        # A mock exchange for each, as some limits leave room for one call in ten seconds.
        with Mock(api.name, remembers=False) as mock:
            mock.any_symbol = True
            called = ("call", api.name, operation.full_name, *words, "--base-url", mock.url, form)
            code, printed[form], complaint = shell(*called)
            assert (0, "") == (code, complaint)
    table, text = printed["--table"], printed["--csv"]
    rows = list(csv.reader(io.StringIO(text)))
    assert 1 >= len({len(row) for row in rows})
    assert bool(rows) == bool(table)


def test_table_is_aligned_and_exact(shell: Shell) -> None:
    """Columns stand below their names; numbers have all their digits."""
    with Mock(ASTER.name, remembers=False) as mock:
        words = ("call", ASTER.name, KLINES.full_name, "symbol=BTCUSDT", "interval=1m", "--base-url", mock.url)
        _, out, _ = shell(*words, "--table")
    names, line = out.splitlines()
    assert line[names.index("quote_volume") :].startswith("9114340.12 ")


def test_list_can_be_filtered(shell: Shell) -> None:
    """Only the lines that have the text are listed, in any case."""
    _, out, _ = shell("list", ASTER.name, "--filter", "KLINE")
    assert [one.full_name for one in ASTER.operations if "kline" in one.name] == [
        line.split()[0] for line in out.splitlines()
    ]


def test_text_is_looked_for_in_all_apis(shell: Shell) -> None:
    """Without an API, the operations of all that have the text are listed, each as `venues call` takes it."""
    code, out, _ = shell("list", "--filter", "/KLINES")
    found = [tuple(line.split()[:2]) for line in out.splitlines()]
    assert [(api.name, one.full_name) for api, one in OPERATIONS if "/klines" in one.path.casefold()] == found
    assert (0, "") == (code, shell("list", "--filter", "no such text")[1])


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_download_that_was_killed_goes_on(form: str, klines: PagedList, shell: Shell, tmp_path: Path) -> None:
    """Killed in the middle of a page, and of a line, it goes on; the file has every item once and in order."""
    out = tmp_path / f"klines.{form}"
    words = ["symbol=BTCUSDT", "interval=1m", f"start_time={klines.times[0]}", f"end_time={klines.times[-1]}"]
    with serving(klines) as url:
        called = ["download", ASTER.name, KLINES.full_name, *words, "--out", str(out), "--base-url", url]
        code = (
            "import os, signal\n"
            "from venues.cli import download, pages\n"
            "from venues.cli.main import main\n"
            "def kill(self, api, note):\n"
            "    if note.pages == 3: os.kill(os.getpid(), signal.SIGKILL)\n"
            "pages.Bar.on_page = kill\n"
            f"main({called!r})\n"
        )
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        killed = subprocess.run([sys.executable, "-c", code], check=False, env=environment)
        assert -signal.SIGKILL == killed.returncode
        assert 2 * download.EVERY == json.loads((tmp_path / f"klines.{form}.position").read_text())["items"]
        with out.open("a") as file:
            file.write("17000")  # what a crash may leave
        assert (0, "", f"{LINES} items in {out}\n") == shell(*called)
    text = out.read_text()
    if form == "csv":
        assert [str(time) for time in klines.times] == [row["open_time"] for row in csv.DictReader(io.StringIO(text))]
    else:
        assert klines.times == [json.loads(line)["open_time"] for line in text.splitlines()]


def test_download_overwrites_nothing(shell: Shell, tmp_path: Path) -> None:
    """A file that no earlier run wrote is left alone; another ending, and what has no pages, are refused."""
    taken = tmp_path / "klines.csv"
    taken.write_text("mine\n")
    words = ("download", ASTER.name, KLINES.full_name, "symbol=BTCUSDT", "interval=1m", "--out")
    assert "exists, and there is no klines.csv.position to go on from" in shell(*words, str(taken))[2]
    assert "it must end in .csv or .jsonl" in shell(*words, str(tmp_path / "klines.xlsx"))[2]
    single = ("download", ASTER.name, "market.get_server_time", "--out", str(tmp_path / "time.csv"))
    assert "can't be read page by page; `venues call` reads it" in shell(*single)[2]
    assert "mine\n" == taken.read_text()
    assert [taken] == list(tmp_path.iterdir())


@pytest.mark.parametrize("api", [api for api in APIS if api.client.PROFILE.protocol], ids=label)
def test_stream_prints_pushes(api: Api, shell: Shell) -> None:
    """Every push of a public channel is a line of JSON; `--count` ends it."""
    listed = {line.split()[0]: line.split() for line in shell("stream", api.name)[1].splitlines()}
    name = next(name for name in ("trades", "ticker", "index_price") if name in listed)
    values = {"symbol=": api_symbol(api), "category=": "linear"}
    words = [f"{word}{values[word]}" for word in listed[name] if word in values]
    with Mock(api.name, remembers=False) as mock:
        mock.any_symbol = True
        code, out, complaint = shell("stream", api.name, name, *words, "--count", "1", "--base-url", mock.url)
    assert (0, "") == (code, complaint)
    assert "data" in json.loads(out)


def api_symbol(api: Api) -> str:
    """Return a symbol as the API spells it."""
    arguments = (api.arguments(operation) for operation in api.operations)
    return str(next(found["symbol"] for found in arguments if "symbol" in found))


def test_stream_says_what_is_wrong(shell: Shell) -> None:
    """A channel that is not there, a missing and a misspelt argument are told in one line."""
    assert "did you mean 'book_ticker'?" in shell("stream", ASTER.name, "book_tickr")[2]
    assert (
        "book_ticker: missing 1 required keyword-only argument: 'symbol'"
        in shell("stream", ASTER.name, "book_ticker")[2]
    )
    assert "did you mean 'symbol'?" in shell("stream", ASTER.name, "book_ticker", "symbl=BTCUSDT")[2]


def test_book_prints_levels(shell: Shell) -> None:
    """Into a pipe, every change of the book is a line of JSON with exact levels, best first."""
    with pushing(ASTER) as mock:
        code, out, complaint = shell(
            "book", ASTER.name, "BTC/USDT", "--depth", "2", "--count", "1", "--base-url", mock.url
        )
    assert (0, "") == (code, complaint)
    book = json.loads(out.splitlines()[0])
    assert book["trusted"] is True
    assert ["61250.1"] == [price for price, _ in book["bids"]][:1]


COMPLETED = [
    ([""], {"call", "download", "completion"}),
    (["call", "as"], {"aster_futures"}),
    (["call", "aster_futures", "market.get_kl"], {"market.get_klines"}),
    (["call", "aster_futures", "market.get_klines", "symbol=BTCUSDT", "i"], {"interval="}),
    (["call", "aster_futures", "market.get_klines", "interval=15"], {"interval=15m"}),
    (["download", "--o"], {"--out"}),
    (["completion", "z"], {"zsh"}),
    (["nothing", ""], set()),
]


@pytest.mark.parametrize(
    ("words", "expected"), COMPLETED, ids=lambda case: " ".join(case) if isinstance(case, list) else ""
)
def test_completion_offers_what_may_follow(words: list[str], expected: set[str], shell: Shell) -> None:
    """Commands, APIs, operations, parameters that are not given yet, values of enums, and options."""
    code, out, _ = shell("complete", "--", *words)
    offered = set(out.splitlines())
    assert 0 == code
    assert expected <= offered
    assert all(word.startswith(words[-1]) for word in offered)
    assert bool(expected) == bool(offered)
