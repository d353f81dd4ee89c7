"""The command line: what it prints, and what it says when something is wrong."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from tests.support import wild_server as wild
from tests.support.apis import APIS, OPERATIONS, Api, label
from tests.support.mocks import once, read
from tests.support.paged_lists import PagedList, Traps, serving
from tests.support.waiting import PATIENCE
from venues.cli.main import main
from venues.cli.pages import bar_text
from venues.core.request.operation import Operation
from venues.hooks import PageNote
from venues.mock import Fault, Mock
from venues.mock.declared.api import load_api

FIRST = APIS[0]
PARAM = once(FIRST).required[0].name
MARK = "s3cr3tMARK"


@pytest.fixture(scope="module")
def served() -> Iterator[dict[str, Mock]]:
    """One mock exchange an API."""
    with ExitStack() as stack:
        yield {api.name: stack.enter_context(Mock(api.name, remembers=False)) for api in APIS}


class Shell:
    """Runs commands against mock exchanges, with their credentials in the environment."""

    def __init__(self, served: dict[str, Mock], capsys: pytest.CaptureFixture[str]) -> None:
        self._served = served
        self._capsys = capsys

    def __call__(self, *words: str) -> tuple[int, str, str]:
        """Return exit code, output and complaint."""
        if words and words[0] == "call" and len(words) > 1 and words[1] in self._served and "--base-url" not in words:
            words = (*words, "--base-url", self._served[words[1]].url)
        code = main(words)
        printed = self._capsys.readouterr()
        return code, printed.out, printed.err

    def refused(self, *words: str) -> tuple[int, str]:
        """Return exit code and complaint of a command that prints nothing and complains in one line."""
        code, out, err = self(*words)
        assert ("", 1) == (out, err.count("\n")), err
        assert err.startswith("venues: ")
        return code, err.removeprefix("venues: ").rstrip("\n")


@pytest.fixture
def shell(served: dict[str, Mock], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell whose environment holds the credentials of all mock exchanges."""
    for api, mock in served.items():
        mock.forget()
        for name, value in mock.credentials.items():
            monkeypatch.setenv(f"{api}_{name}".upper(), value)
    return Shell(served, capsys)


def words(api: Api, operation: Operation[Any]) -> list[str]:
    """Write an example as a user would."""
    return [f"{name}={_word(value)}" for name, value in api.arguments(operation).items()]


def _word(value: object) -> str:
    if isinstance(value, (list, dict)):
        return json.dumps(value, default=str)
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_list_apis(shell: Shell) -> None:
    """Every API is listed with what it is called and how much of it there is."""
    code, out, err = shell("list")
    assert (0, "") == (code, err)
    assert [api.name for api in APIS] == [line.split()[0] for line in out.splitlines()]
    assert [len(api.operations) for api in APIS] == [int(line.split()[1]) for line in out.splitlines()]


@pytest.mark.parametrize("api", APIS, ids=label)
def test_list_operations(api: Api, shell: Shell) -> None:
    """Every operation is listed with method, path, authentication and effect."""
    _, out, _ = shell("list", api.name)
    expected = [[o.full_name, o.method, o.path, o.auth, o.effect] for o in api.operations]
    assert expected == [line.split()[:5] for line in out.splitlines()]


@pytest.mark.parametrize(("api", "operation"), OPERATIONS, ids=label)
def test_call(api: Api, operation: Operation[Any], shell: Shell) -> None:
    """Every operation can be called with its example from the command line, and answers JSON."""
    code, out, err = shell("call", api.name, operation.full_name, *words(api, operation))
    assert (0, "") == (code, err)
    json.loads(out)


def test_call_prints_python_names_and_exact_numbers(shell: Shell, served: dict[str, Mock]) -> None:
    """The decoded answer has our names; exact numbers are texts."""
    api, operation = next((a, o) for a, o in OPERATIONS if "0.00000000" in a.response(o))
    _, out, _ = shell("call", api.name, operation.full_name, *words(api, operation))
    assert '"0.00000000"' in out


@pytest.mark.parametrize("api", APIS, ids=label)
def test_call_prints_the_body_as_it_came(api: Api, shell: Shell) -> None:
    """With --json the raw body is printed, wherever the option stands."""
    operation = read(api)
    given = words(api, operation)
    _, out, _ = shell("call", api.name, operation.full_name, *given[:1], "--json", *given[1:])
    assert api.response(operation) == out.rstrip("\n")


def test_call_all_prints_every_item_and_no_bar_into_a_pipe(shell: Shell) -> None:
    """`--all` reads all pages and prints each item as a line of JSON; a bar is for terminals."""
    api, operation = next((api, o) for api, o in OPERATIONS if o.paging and o.paging.keeps == "first")
    listed, paging = PagedList(api, operation, Traps(), 1_500), operation.paging
    assert paging is not None
    names = {param.wire: param.name for param in operation.params}
    start, end = (names[wire] for wire in paging.times or ())
    words = [f"{start}={listed.times[0]}", f"{end}={listed.times[-1]}"]
    with serving(listed) as url:
        code, out, err = shell("call", api.name, operation.full_name, *words, "--all", "--base-url", url)
    assert (0, "") == (code, err)
    items = [json.loads(line) for line in out.splitlines()]
    assert listed.times == [item[paging.time] for item in items]


def test_the_bar_shows_how_far_a_list_was_read() -> None:
    """A part where it is known, and always how much."""
    assert "[###############...............]  50%  500 items, 5 pages" == bar_text(PageNote("a.b", 5, 500, 0.5, 1_000))
    assert "500 items, 5 pages" == bar_text(PageNote("a.b", 5, 500, None, None))


def test_call_all_is_for_lists(shell: Shell) -> None:
    """What has no pages can't be read page by page, and a list needs what its method needs."""
    api, operation = next((api, o) for api, o in OPERATIONS if o.paging is None and not o.required)
    said = f"{operation.full_name} can't be read page by page; leave out --all"
    assert (2, said) == shell.refused("call", api.name, operation.full_name, "--all")
    api, operation = next((api, o) for api, o in OPERATIONS if o.paging and o.paging.by == "time" and not o.required)
    said = f"{operation.full_name} with --all: missing a required argument: 'start_time'"
    assert (2, said) == shell.refused("call", api.name, operation.full_name, "--all")


@pytest.mark.parametrize("api", APIS, ids=label)
def test_sign_masks_secrets(api: Api, shell: Shell, monkeypatch: pytest.MonkeyPatch, served: dict[str, Mock]) -> None:
    """What would be sent is shown with method, address, headers, body and curl, and without a secret."""
    for name in served[api.name].credentials:
        monkeypatch.setenv(f"{api.name}_{name}".upper(), f"{MARK}-{name}")
    operation = once(api)
    code, out, err = shell("sign", api.name, operation.full_name, "--time", "1700000000000", *words(api, operation))
    assert (0, "") == (code, err)
    assert out.startswith(f"{operation.method} https://")
    assert "\ncurl -X" in out
    assert "***" in out
    assert "1700000000" in out
    assert MARK not in out
    assert [] == served[api.name].requests


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ([], "the following arguments are required"),
        (["lst"], "'mock', 'completion'); `venues --help`"),
        (["list", FIRST.name[:-1]], f"did you mean '{FIRST.name}'?"),
        (["list", FIRST.name, "more"], "'more' is not understood"),
        (["call", "nowhere", "a.b"], "no API 'nowhere'; there are "),
        (["call", FIRST.name, once(FIRST).full_name[:-1]], f"did you mean '{once(FIRST).full_name}'?"),
        (["call", FIRST.name, "zzz"], f"`venues list {FIRST.name}` lists"),
        (["call", FIRST.name, once(FIRST).full_name], "must be given"),
        (["call", FIRST.name, once(FIRST).full_name, "symbol"], "'symbol' is not a parameter; write name=value"),
        (
            ["call", FIRST.name, once(FIRST).full_name, f"{PARAM}s=X"],
            f"has no parameter '{PARAM}s'; did you mean '{PARAM}'?",
        ),
        (["call", FIRST.name, once(FIRST).full_name, f"{PARAM}=X", f"{PARAM}=Y"], f"{PARAM} is given twice"),
        (["call", FIRST.name, once(FIRST).full_name, "--verbose"], "'--verbose' is not understood"),
        (["call", FIRST.name, once(FIRST).full_name, "--timeout", "-1"], "is not a number of seconds"),
        (["call", FIRST.name, once(FIRST).full_name, "--timeout", "soon"], "'soon' is not a number of seconds"),
        (["call", FIRST.name, read(FIRST).full_name, "--base-url", "http://example.com"], "must be an https address"),
        (["sign", FIRST.name, read(FIRST).full_name, "--environment", "moon"], "environment is 'moon'"),
        (["sign", FIRST.name, once(FIRST).full_name, "--time", "now"], "invalid int value: 'now'"),
        (["mock", FIRST.name, "--port", "99999"], "--port is 99999"),
        (["mock", "nowhere"], "no API 'nowhere'"),
    ],
)
def test_misuse(given: list[str], complaint: str, shell: Shell) -> None:
    """What can't be understood is told in one line, with what to do, and exit code 2."""
    code, said = shell.refused(*given)
    assert complaint in said
    assert 2 == code


def test_lists_must_be_json(shell: Shell) -> None:
    """A list that is no JSON is told with how to write one."""
    api, operation, name = next(
        (a, o, p.name) for a, o in OPERATIONS for p in o.params if type(p.kind).__name__ in ("ListOf", "Fields")
    )
    code, said = shell.refused("call", api.name, operation.full_name, f"{name}=a,b")
    assert "is not JSON; write a list as" in said
    assert 2 == code


def timed() -> tuple[Api, Operation[Any], str]:
    """Find an operation whose call takes a time."""
    return next((a, o, p.name) for a, o in OPERATIONS for p in o.required if p.kind == "timestamp_ms")


def test_times_may_be_written_as_people_do(shell: Shell) -> None:
    """A time with its zone is as good as a number."""
    api, operation, name = timed()
    given = api.arguments(operation)
    moment = datetime.fromtimestamp(int(given[name]) / 1000, timezone(timedelta(hours=2)))
    asked = ["sign", api.name, operation.full_name, "--time", "1700000000000"]
    with_number = shell(*asked, *words(api, operation))
    with_time = shell(*asked, *[f"{name}={moment}" if w.startswith(name) else w for w in words(api, operation)])
    assert 0 == with_time[0]
    assert with_number == with_time


@pytest.mark.parametrize("text", ["2024-06-01", "yesterday", "-5", ""])
def test_times_without_a_zone_are_refused(text: str, shell: Shell) -> None:
    """A time that depends on where one is, or that is none, is told with how to write one."""
    api, operation, name = timed()
    code, said = shell.refused("sign", api.name, operation.full_name, f"{name}={text}")
    assert "or a time with its zone, such as" in said
    assert 2 == code


@pytest.mark.parametrize("command", ["call", "sign"])
@pytest.mark.parametrize("api", APIS, ids=label)
def test_missing_variables(command: str, api: Api, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables that are not set are named."""
    for name in api.client.PROFILE.credentials:
        monkeypatch.delenv(f"{api.name}_{name}".upper(), raising=False)
    code, said = shell.refused(command, api.name, read(api).full_name, *words(api, read(api)))
    assert f"needs credentials; set {api.name.upper()}_" in said
    assert 2 == code


def test_private_keys_that_cannot_be_read(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """A private key that is no PEM is told without showing it."""
    for api in APIS:
        if "private_key" in api.client.PROFILE.credentials:
            monkeypatch.setenv(f"{api.name}_private_key".upper(), MARK)
            code, said = shell.refused("call", api.name, read(api).full_name, *words(api, read(api)))
            assert (2, False) == (code, MARK in said)
            assert "private key can't be read" in said


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        (Fault.WRONG_TYPE, "the answer proves nothing: it is no JSON"),
        (Fault.EMPTY, "the answer proves nothing: it is no JSON"),
        (Fault.MALFORMED, "the answer proves nothing: it is no JSON"),
        (Fault.CUT, "the connection broke"),
        (Fault.BEFORE, "the connection broke"),
        (Fault.BANNED, "HTTP 418"),
        (Fault.UNAVAILABLE, "HTTP 503"),
    ],
    ids=str,
)
def test_failures(fault: Fault, complaint: str, shell: Shell, served: dict[str, Mock]) -> None:
    """What went wrong on the way is told in one line, and the exit code is 1."""
    for api in APIS:
        served[api.name].fault("*", fault, times=None, retry_after=60)
        code, said = shell.refused("call", api.name, once(api).full_name, *words(api, once(api)))
        assert complaint in said
        assert 1 == code


def test_unknown_codes(shell: Shell, served: dict[str, Mock]) -> None:
    """A code that nobody knows is told with the exchange's own words, on one line."""
    served[FIRST.name].fail("*", -987654, "Mercury\nis in\x1b[31m retrograde")
    code, said = shell.refused("call", FIRST.name, read(FIRST).full_name, *words(FIRST, read(FIRST)))
    assert "-987654 Mercury is in [31m retrograde" in said
    assert 1 == code


@pytest.mark.parametrize("api", APIS, ids=label)
def test_wrong_credentials(api: Api, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials that the exchange refuses are told with its own code, and not shown."""
    monkeypatch.setenv(f"{api.name}_api_secret".upper(), MARK)
    code, said = shell.refused("call", api.name, read(api).full_name, *words(api, read(api)))
    assert load_api(api.name).failures["wrong_signature"] in said
    assert (1, False) == (code, MARK in said)


@pytest.mark.parametrize("api", APIS, ids=label)
def test_an_exchange_that_repeats_a_secret(api: Api, shell: Shell, served: dict[str, Mock]) -> None:
    """A secret that stands in the exchange's own words is masked."""
    secret = served[api.name].credentials["api_secret"]
    served[api.name].fail("*", 1, f"the secret {secret} is wrong")
    code, said = shell.refused("call", api.name, read(api).full_name, *words(api, read(api)))
    assert "the secret *** is wrong" in said
    assert (1, False) == (code, secret in said)


def test_unreachable_hosts(shell: Shell) -> None:
    """A host where nobody listens is told."""
    with wild.WildServer(wild.answers) as server:
        address = server.url
    code, said = shell.refused(
        "call", FIRST.name, once(FIRST).full_name, *words(FIRST, once(FIRST)), "--base-url", address
    )
    assert "no connection was made: Connection refused" in said
    assert 1 == code


def test_no_traceback(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even a mistake of our own is told with a traceback or with values."""

    def fails(*_: object) -> None:
        raise KeyError(MARK)

    monkeypatch.setattr("venues.cli.list.apis", fails)
    assert (1, "unexpected error (KeyError)") == shell.refused("list")


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "venues", *words]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_mock_serves_until_it_is_interrupted(
    number: signal.Signals, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It prints what to export and where it listens, serves, and ends without a word."""
    with subprocess.Popen(
        command("mock", FIRST.name, "--port", "0"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as process:
        lines = _until_address(process)
        for line in lines[:-1]:
            name, _, value = shlex.split(line.removeprefix("export "))[0].partition("=")
            monkeypatch.setenv(name, value)
        url = next(word for word in lines[-1].split() if word.startswith("http://"))
        assert 0 == shell("call", FIRST.name, read(FIRST).full_name, *words(FIRST, read(FIRST)), "--base-url", url)[0]
        process.send_signal(number)
        assert ("", "") == process.communicate(timeout=PATIENCE)
        assert 0 == process.returncode


def test_address_that_is_taken(served: dict[str, Mock]) -> None:
    """Whoever starts a second mock exchange is told which address is taken, and what to do."""
    port = served[FIRST.name].url.rpartition(":")[2]
    done = subprocess.run(
        command("mock", FIRST.name, "--port", port), capture_output=True, text=True, env=environment(), check=False
    )
    said = f"venues: nothing can listen at 127.0.0.1:{port} (Address already in use); choose another host, or port"
    assert (1, "", said) == (done.returncode, done.stdout, done.stderr.partition(" (0 for")[0])


def _until_address(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout is not None
    lines: list[str] = []
    while not lines or "http://" not in lines[-1]:
        lines.append(process.stdout.readline().rstrip("\n"))
        assert lines[-1], "it ended before it listened"
    return lines


def test_module_and_broken_pipe() -> None:
    """`python -m venues` is the command, and a reader that leaves early breaks nothing."""
    line = f"{shlex.join(command('list', FIRST.name))} | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line], capture_output=True, text=True, env=environment(), check=False
    )
    assert "" == done.stderr
    assert FIRST.operations[0].full_name == done.stdout.split()[0]


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    """Help is printed for every command."""
    for words in (["--help"], ["list", "-h"], ["call", "-h"], ["sign", "-h"], ["mock", "-h"]):
        with pytest.raises(SystemExit) as caught:
            main(words)
        assert 0 == caught.value.code
        assert "usage: venues" in capsys.readouterr().out


@pytest.mark.parametrize("api", APIS, ids=label)
def test_what_acts_on_a_real_account_is_asked_for(
    api: Api, shell: Shell, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a mock exchange, an order needs a yes or `--yes`; a dry run shows it, and nothing is sent."""
    operation = once(api)
    line = ["call", api.name, operation.full_name, *words(api, operation)]
    assert 2 == main(line)
    assert "pass --yes to send it, or --dry-run to see it" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", Terminal("n\n"))
    assert 2 == main(line)
    assert "Send it? [y/N] venues: nothing was sent" in capsys.readouterr().err
    assert 0 == main([*line, "--dry-run"])
    assert capsys.readouterr().out.startswith(f"{operation.method} https://")


class Terminal(io.StringIO):
    """What a person types."""

    def isatty(self) -> bool:
        return True


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` says which package this is."""
    with pytest.raises(SystemExit):
        main(["--version"])
    assert re.fullmatch(r"venues \d+\.\d+\.\d+\n", capsys.readouterr().out)
