"""The programs that users are shown, each against mock exchanges."""

from __future__ import annotations

import ast
import inspect
import io
import json
import os
import signal
import subprocess
import sys
from contextlib import AsyncExitStack
from csv import DictReader
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import venues
from tests.support.apis import APIS, Api, label
from tests.support.mocks import async_client
from tests.support.paged_lists import PagedList, Traps, serving
from tests.users import balances, borrow_and_repay, downloader, history_export, service, watching
from venues.aster_futures import AsterFutures
from venues.bitget_margin import BitgetMargin
from venues.mock import Fault, Mock
from venues.retry import Retry

HERE = Path(__file__).parent
ROOT = HERE.parent
API = {api.name: api for api in APIS}
LINES = 3_500


@pytest.fixture(scope="module")
def klines() -> PagedList:
    """A list of klines in pages, whose times lie a minute or more apart."""
    operation = next(one for one in API["aster_futures"].operations if one.full_name == "market.get_klines")
    return PagedList(API["aster_futures"], operation, Traps(), LINES)


@pytest.mark.parametrize(("lost", "borrowed"), [(False, True), (True, None)], ids=["answered", "lost"])
def test_borrow_and_repay(lost: bool, borrowed: bool | None, capsys: pytest.CaptureFixture[str]) -> None:
    """A loan is requested once, though its answer may be lost, and what is owed is repaid with its interest."""
    with Mock("bitget_margin", remembers=False) as mock, BitgetMargin(**mock.credentials, base_url=mock.url) as opened:
        if lost:
            mock.fault("cross.borrow", Fault.AFTER)
        assert borrowed is borrow_and_repay.borrow(opened, "USDT", Decimal(100))
        assert lost is bool(capsys.readouterr().out)
        assert Decimal("50.012") == borrow_and_repay.repay(opened, "USDT")
        assert 1 == mock.count("cross.borrow")
        (repaid,) = [one for one in mock.executed if one.operation == "cross.repay"]
    assert "2.0002" == str(repaid.arguments["repayAmount"]).rstrip("0")


async def test_balances_of_all_exchanges(capsys: pytest.CaptureFixture[str]) -> None:
    """Every exchange is asked; the one that fails is named, and hides none of the others."""
    async with AsyncExitStack() as stack:
        mocks = {api.name: stack.enter_context(Mock(api.name, remembers=False)) for api in APIS}
        mocks["sixmm"].fault("*", Fault.UNAVAILABLE, times=None)
        names = [api.name for api in APIS]
        clients: Any = [await stack.enter_async_context(async_client(API[name], mocks[name])) for name in names]
        held = await balances.holdings(balances.Account(*clients))
    assert len(APIS) == len(held)
    assert [("USDT", Decimal("4853.95"))] == held["hibt"]
    assert [("BTC", Decimal("4.82380000")), ("USDT", Decimal("280000"))] == held["binance"]
    assert {"sixmm"} == {name for name, found in held.items() if not found}
    assert "user.get_assets" in capsys.readouterr().out


def test_frame_of_candles(klines: PagedList, monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns of an answer are a frame as they are: exact numbers, aware times."""
    monkeypatch.syspath_prepend(str(ROOT / ".cache" / "frames"))
    polars = pytest.importorskip("polars", reason="no polars: make tools installs it")
    from tests.users import frame_of_candles

    begin, end = (datetime.fromtimestamp(klines.times[index] / 1000, UTC) for index in (0, 99))
    with serving(klines) as url, AsterFutures(base_url=url) as opened:
        frame = frame_of_candles.candles(opened, "BTCUSDT", begin, end)
    assert 100 == frame.height
    assert {"open_time": polars.Datetime("us", "UTC"), "close": polars.Decimal}.items() <= dict(frame.schema).items()


def test_downloader_goes_on_after_it_was_killed(klines: PagedList, tmp_path: Path) -> None:
    """Killed in the middle of a line, it goes on, and the file has every kline once and in order."""
    moments = [datetime.fromtimestamp(klines.times[index] / 1000, UTC).isoformat() for index in (0, -1)]
    path = tmp_path / "klines.jsonl"
    with serving(klines) as url:
        code = (
            "import os, signal, sys\n"
            "from datetime import datetime\n"
            "from pathlib import Path\n"
            "from tests.users import downloader\n"
            "from venues.aster_futures import AsterFutures\n"
            "from venues.hooks import Hooks\n"
            "class Killer(Hooks):\n"
            "    def on_page(self, api, note):\n"
            f"        if note.pages == 3: os.kill(os.getpid(), signal.SIGKILL)\n"
            f"client = AsterFutures(base_url={url!r}, hooks=Killer())\n"
            f"downloader.EVERY = 700\n"
            f"downloader.download(client, 'BTCUSDT', *map(datetime.fromisoformat, {moments!r}), Path({str(path)!r}))\n"
        )
        environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'generated'}"}
        killed = subprocess.run([sys.executable, "-c", code], check=False, env=environment)
        assert -signal.SIGKILL == killed.returncode
        assert 2_800 == json.loads(path.with_suffix(".position").read_text())["lines"]
        with path.open("a") as file:
            file.write('{"open_time": 17')  # what a crash may leave
        with AsterFutures(base_url=url) as opened:
            begin, end = map(datetime.fromisoformat, moments)
            assert LINES == downloader.download(opened, "BTCUSDT", begin, end, path)
    assert klines.times == [json.loads(line)["open_time"] for line in path.read_text().splitlines()]


def test_history_export() -> None:
    """All fills of a year become lines of CSV with exact numbers and times that say their zone."""
    api = API["aster_futures"]
    operation = next(one for one in api.operations if one.full_name == "trade.get_account_trades")
    listed = PagedList(api, operation, Traps(), 1_500)
    year = datetime.fromtimestamp(listed.times[0] / 1000, UTC).year
    file = io.StringIO()
    with serving(listed) as url, AsterFutures(base_url=url, api_key="k", api_secret="s") as opened:
        count = history_export.export(opened, "BTCUSDT", year, file)
    rows = list(DictReader(io.StringIO(file.getvalue())))
    assert (
        count
        == len(rows)
        == len([time for time in listed.times if datetime.fromtimestamp(time / 1000, UTC).year == year])
    )
    assert all(row["time"].endswith("+00:00") and "E" not in row["price"] for row in rows)


async def ask(app: Any, path: str) -> tuple[int, Any]:
    """Ask a web service without a socket; return status and JSON."""
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent[0]["status"], json.loads(b"".join(one.get("body", b"") for one in sent))


async def test_service_with_three_clients_and_one_limiter() -> None:
    """Structs are answers of the service, unknown instruments are 404, and all clients count in one place."""
    async with AsyncExitStack() as stack:
        names = ("aster_futures", "hibt_futures", "sixmm")
        mocks = {name: stack.enter_context(Mock(name, remembers=False)) for name in names}
        clients: Any = [
            await stack.enter_async_context(async_client(API[name], mocks[name], limiter="memory://")) for name in names
        ]
        app = service.create_app(*clients)
        status, found = await ask(app, "/klines/BTCUSDT")
        assert (200, True) == (status, "open_time" in found[0])
        assert isinstance(found[0]["close"], str)
        assert "tick" in (await ask(app, "/instruments/aster/BTCUSDT"))[1]
        assert 404 == (await ask(app, "/instruments/hibt/NOTHING"))[0]
        assert any((await ask(app, "/limits"))[1]["aster"].values())
        assert (
            "Kline"
            == app.openapi()["paths"]["/klines/{symbol}"]["get"]["responses"]["200"]["content"]["application/json"][
                "schema"
            ]["items"]["title"]
        )


def test_watching() -> None:
    """Calls, retries and unknown outcomes are counted by hooks alone."""
    watch = watching.Watch()
    with Mock("aster_futures", remembers=False) as mock:
        mock.fault("market.get_order_book", Fault.UNAVAILABLE, times=1)
        with AsterFutures(base_url=mock.url, hooks=watch, retry=Retry(first=0.0)) as opened:
            opened.market.get_order_book(symbol="BTCUSDT")
    report = watch.report()
    assert (1, 1) == (report["HTTP 503"], report["HTTP 200"])
    assert 1 == report["sent again after ExchangeUnavailable"]
    assert ["market.get_order_book"] == list(report["milliseconds"])  # type: ignore[call-overload]


async def test_notebook() -> None:
    """Every cell runs, in order, in one event loop, as a notebook runs them."""
    cells = json.loads((HERE / "users" / "candles.ipynb").read_text())["cells"]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    with Mock("aster_futures", remembers=False) as mock:
        mock.any_symbol = True
        names: dict[str, Any] = {}
        for text in texts:
            run = compile(
                text.replace("AsyncAsterFutures()", f"AsyncAsterFutures(base_url={mock.url!r})"),
                "cell",
                "exec",
                ast.PyCF_ALLOW_TOP_LEVEL_AWAIT,
            )
            waiting = eval(run, names)
            if inspect.iscoroutine(waiting):
                await waiting
    assert len(names["columns"]["close"]) == len(names["columns"]["open_time"])


@pytest.mark.parametrize("api", APIS, ids=label)
def test_any_client_has_a_public_name(api: Api) -> None:
    """`venues.Client` and `venues.AsyncClient` are what the clients of all exchanges have in common."""
    assert issubclass(api.client, venues.Client)
    assert issubclass(api.async_client, venues.AsyncClient)
