"""Pages are fetched politely, within limits, and never from where they should not be."""

from __future__ import annotations

import gzip
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest

from generator.drift.fetching import fetch, request
from generator.drift.fetching.fetch import Fetcher, page_name, raw_address
from generator.drift.fetching.reach import is_private
from generator.drift.pages.blocks import Unreadable
from tests.drift.places import run, toy
from tests.support.certificates import certificate_file

AWAKE = 0.005
"""Seconds after which a server looks whether it is to end."""


class Site(ThreadingHTTPServer):
    """A server that answers what a test gives it, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Pages)
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.ended = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Pages(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:  # the library's name
        if self.path == "/drip":
            self._drip()
            return
        if self.path == "/drip-headers":
            self._drip_headers()
            return
        if self.path == "/silent":
            self.server.ended.wait()
            return
        self.server.asked.append((self.path, dict(self.headers)))
        status, headers, body = self.server.pages.get(self.path, (404, {}, b""))
        if headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
            status, body = 304, b""
        self.send_response(status)
        for name, value in ({"Content-Type": "text/html", "Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _drip(self) -> None:
        """Send one byte after the other until the reader has enough."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        with suppress(OSError):
            while True:
                self.wfile.write(b"x")
                self.wfile.flush()

    def _drip_headers(self) -> None:
        """Begin an answer, and send headers without end, slower than any bound for their size."""
        with suppress(OSError):
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
            while not self.server.ended.wait(AWAKE):
                self.wfile.write(b"x")
                self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(fetch, "PAUSE", 0.0)
    server = Site()
    thread = threading.Thread(target=server.serve_forever, args=[AWAKE], daemon=True)
    thread.start()
    yield server
    server.ended.set()
    server.shutdown()
    server.server_close()


def fetcher(tmp_path: Path) -> Fetcher:
    return Fetcher(tmp_path / "cache", allow_private=True)


def test_a_page_is_fetched_and_we_say_who_we_are(site: Site, tmp_path: Path) -> None:
    """The server can see who reads its pages."""
    site.pages["/orders"] = (200, {}, b"<h1>Orders</h1>")
    found = fetcher(tmp_path).documents([f"{site.address}/orders"])
    assert [("orders", "<h1>Orders</h1>")] == [(document.name, document.text) for document in found]
    assert "venues-drift" in site.asked[0][1]["User-Agent"]


def test_a_page_that_did_not_change_is_not_sent_again(site: Site, tmp_path: Path) -> None:
    """The second time, the server is asked by ETag, and the kept text is used."""
    site.pages["/orders"] = (200, {"ETag": '"1"'}, b"text")
    texts = [fetcher(tmp_path).documents([f"{site.address}/orders"])[0].text for _ in range(2)]
    assert ["text", "text"] == texts
    assert '"1"' == site.asked[1][1]["If-None-Match"]


def test_redirects_within_the_host_are_followed(site: Site, tmp_path: Path) -> None:
    """A page that moved is found."""
    site.pages |= {"/old": (301, {"Location": "/new"}, b""), "/new": (200, {}, b"here")}
    assert "here" == fetcher(tmp_path).documents([f"{site.address}/old"])[0].text


@pytest.mark.parametrize(("status", "moved"), [(301, True), (308, True), (302, False), (307, False)])
def test_a_page_that_moved_for_good_says_where_to(site: Site, tmp_path: Path, status: int, moved: bool) -> None:
    """The spec should name the new address; other redirects say nothing of tomorrow."""
    site.pages |= {"/old": (status, {"Location": "/new"}, b""), "/new": (200, {}, b"here")}
    reader = fetcher(tmp_path)
    reader.documents([f"{site.address}/old"])
    said = f"{site.address}/old: moved to {site.address}/new; correct its address in api.yaml"
    assert ([said] if moved else []) == reader.remarks


def test_a_page_that_cannot_change_is_reported(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads a commit every night will never hear of a change; the night stays green all the same."""
    specs, page = toy(tmp_path)
    pinned = f"{site.address}/docs/{'0a' * 20}/orders.md"
    site.pages[f"/docs/{'0a' * 20}/orders.md"] = (200, {"Content-Type": "text/markdown"}, page.read_bytes())
    monkeypatch.setattr("generator.drift.commands.ROOT", tmp_path)
    found = run("drift", "toy", "--specs", specs, "--allow-private", "--docs", pinned)
    assert f"page   {pinned}: is pinned to a commit, so this page can't change" in found.output
    assert 0 == found.exit_code


def test_redirects_to_another_host_are_refused(site: Site, tmp_path: Path) -> None:
    """We read what we were told to read."""
    site.pages["/old"] = (302, {"Location": "http://localhost:1/new"}, b"")
    with pytest.raises(Unreadable, match="redirects to localhost, another host, which is not followed"):
        fetcher(tmp_path).documents([f"{site.address}/old"])


@pytest.mark.parametrize("location", ["http://[bad/x", "http://127.0.0.1:99999/x", "file:///etc/hosts"])
def test_redirects_to_no_address_are_refused(site: Site, tmp_path: Path, location: str) -> None:
    """What a server sends is no reason for a traceback."""
    site.pages["/old"] = (302, {"Location": location}, b"")
    with pytest.raises(Unreadable, match="not an address"):
        fetcher(tmp_path).documents([f"{site.address}/old"])


def test_redirects_in_a_circle_end(site: Site, tmp_path: Path) -> None:
    """A loop is given up."""
    site.pages["/a"] = (302, {"Location": "/a"}, b"")
    with pytest.raises(Unreadable, match="more than 5 redirects"):
        fetcher(tmp_path).documents([f"{site.address}/a"])


@pytest.mark.parametrize(
    ("status", "headers", "body", "message"),
    [
        (302, {}, b"", "the server returned status 302"),
        (404, {}, b"", "the server returned status 404"),
        (500, {}, b"", "the server returned status 500"),
        (200, {"Content-Type": "image/png"}, b"x", "image/png is not a documentation page"),
        (200, {"Content-Encoding": "gzip"}, gzip.compress(b" " * 9_000_000), "more than 8000000 bytes"),
        (200, {"Content-Encoding": "gzip"}, b"no gzip", "nothing was read"),
        (200, {"Content-Encoding": ", ".join(["gzip"] * 60)}, b"x", "nothing was read"),
        (200, {"X-Long": "x" * 100_000}, b"x", "nothing was read"),
        (200, {"Content-Length": "9"}, b"x", "nothing was read"),
    ],
)
def test_what_is_no_page_is_refused(
    site: Site, tmp_path: Path, status: int, headers: dict[str, str], body: bytes, message: str
) -> None:
    """Errors, pictures and compressed bombs are told, not read."""
    site.pages["/x"] = (status, headers, body)
    with pytest.raises(Unreadable, match=message):
        fetcher(tmp_path).documents([f"{site.address}/x"])
    assert [] == list(tmp_path.rglob("*.json"))  # and nothing of it is kept


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "192.168.1.1", "fd00::1", "0.0.0.0"),
        *("::ffff:10.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::a9fe:a9fe", "2002:a00:1::", "::7f00:1"),
        *("2001:db9::5efe:10.0.0.1", "::ffff:0:10.0.0.1", "2001:0:5ef5:79fd::80ff:fffe", "fec0::1", "192.0.0.192"),
    ],
)
def test_private_addresses_are_refused(tmp_path: Path, address: str) -> None:
    """A page's name that leads into our own network is not followed there, nor by an address within an address."""
    asking = Fetcher(tmp_path, resolve=lambda _: [address])
    with pytest.raises(Unreadable, match="has the private address"):
        asking.documents(["https://docs.example.com/x"])


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_public_addresses_are_not_private(address: str) -> None:
    """Nor is a public one behind a gateway."""
    assert not is_private(address)


def test_a_host_without_an_address_is_told(tmp_path: Path) -> None:
    """A resolver may find nothing, and say so by an empty list."""
    with pytest.raises(Unreadable, match="unknown host"):
        Fetcher(tmp_path, resolve=lambda _: []).documents(["https://docs.example.com/x"])


@pytest.mark.parametrize("address", ["http://user:word@example.com/", "https:///nothing"])
def test_odd_addresses_are_refused(tmp_path: Path, address: str) -> None:
    """No credentials in addresses, no address without a host."""
    with pytest.raises(Unreadable, match="only http and https addresses"):
        Fetcher(tmp_path, resolve=lambda _: ["93.184.216.34"]).documents([address])


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("http://[bad/x", "not an address"),
        ("https://example.com:99999/x", "not an address"),
        ("https://example..com/x", "unknown host"),
        ("https://\udcff/x", "not an address"),
        ("\udcff", "no such file, folder or address"),
        ("", "no such file, folder or address"),
    ],
)
def test_typing_errors_in_places_are_told(tmp_path: Path, place: str, message: str) -> None:
    """Neither a traceback, nor, for an empty variable in a script, all files below the current folder."""
    with pytest.raises(Unreadable, match=message):
        fetcher(tmp_path).documents([place])


@pytest.mark.parametrize(("host", "read"), [("localhost", True), ("docs.example.com", False)])
def test_a_certificate_must_have_the_name_of_the_host(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, read: bool
) -> None:
    """The connection goes to an address; the name that was asked for is the one that counts."""
    certificate = certificate_file(tmp_path / "tls.pem", datetime.now(UTC) + timedelta(days=1))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    site.socket = context.wrap_socket(site.socket, server_side=True)
    site.pages["/x"] = (200, {}, b"a page")
    asking = Fetcher(tmp_path / "cache", allow_private=True, resolve=lambda _: ["127.0.0.1"])
    with nullcontext() if read else pytest.raises(Unreadable, match="has another name"):
        assert "a page" == asking.documents([f"https://{host}:{site.server_port}/x"])[0].text


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A refused connection is a message."""
    with pytest.raises(Unreadable, match="nothing was read"):
        fetcher(tmp_path).documents(["http://127.0.0.1:9/x"])


def test_pages_are_fetched_one_after_the_other(site: Site, tmp_path: Path) -> None:
    """In the order in which they were named."""
    site.pages |= {f"/{n}": (200, {}, b"text") for n in "abc"}
    fetcher(tmp_path).documents([f"{site.address}/{n}" for n in "abc"])
    assert ["/a", "/b", "/c"] == [path for path, _ in site.asked]


def test_a_folder_gives_its_pages_in_order(tmp_path: Path) -> None:
    """Other files in it are left alone."""
    for name in ("b.md", "a.txt", "picture.png"):
        (tmp_path / name).write_text("x", "utf-8")
    assert ["a", "b"] == [document.name for document in Fetcher(tmp_path).documents([str(tmp_path)])]


def test_a_page_below_a_folder_is_named_by_its_path(tmp_path: Path) -> None:
    """Its name stays, whatever page of the same file name comes or goes, and is the one that a spec gives it."""
    for name in ("kline.md", "spot/kline.md", "spot/v1.0/kline.old.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", "utf-8")
    found = [document.name for document in Fetcher(tmp_path).documents([str(tmp_path)])]
    assert ["kline", "spot-kline", "spot-v1-0-kline"] == found


def test_a_page_takes_its_name_from_the_spec(site: Site, tmp_path: Path) -> None:
    """Observed facts are kept under the names that the spec gives its pages."""
    site.pages["/docs/v1/"] = (200, {}, b"text")
    address = f"{site.address}/docs/v1/"
    assert "orders" == fetcher(tmp_path).documents([address], {address: "orders"})[0].name


def test_drift_reads_the_pages_that_the_spec_names(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without --docs, api.yaml says where the documentation is."""
    specs, page = toy(tmp_path)
    site.pages["/orders.md"] = (200, {"Content-Type": "text/markdown"}, page.read_bytes())
    path = specs / "toy" / "api.yaml"
    path.write_text(
        path.read_text("utf-8").replace("https://docs.example.com/orders", "https://127.0.0.1/orders.md"), "utf-8"
    )
    monkeypatch.setattr(fetch, "raw_address", lambda _: f"{site.address}/orders.md")
    monkeypatch.setattr("generator.drift.commands.ROOT", tmp_path)
    assert 0 == run("drift", "toy", "--specs", specs, "--allow-private").exit_code


def test_a_repository_page_is_read_where_its_text_is() -> None:
    """The page that shows a file is no documentation; the file is."""
    shown = "https://github.com/owner/docs/blob/main/a%20b/api.md"
    assert "https://raw.githubusercontent.com/owner/docs/main/a%20b/api.md" == raw_address(shown)


@pytest.mark.parametrize(
    ("place", "name"),
    [("https://x.com/docs/margin.html", "margin"), ("https://x.com/docs/v1/", "v1"), ("https://x.com", "x")],
)
def test_pages_are_named_after_their_address(place: str, name: str) -> None:
    """The last part of the path, without its ending."""
    assert name == page_name(place)


def test_a_page_that_drips_in_is_given_up(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However lively a server is, the whole page must be there in time."""
    passing = count(step=request.SECONDS / 10)
    monkeypatch.setattr(request, "time", SimpleNamespace(monotonic=passing.__next__, sleep=time.sleep))
    with pytest.raises(Unreadable, match="not read within"):
        fetcher(tmp_path).documents([f"{site.address}/drip"])


def test_headers_that_drip_in_are_given_up(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time counts from the first byte of an answer, not of its body."""
    monkeypatch.setattr(request, "SECONDS", 0.1)
    with pytest.raises(Unreadable, match="not read within"):
        fetcher(tmp_path).documents([f"{site.address}/drip-headers"])


def test_server_that_says_nothing_is_given_up(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the library notices first that the time is over, the error says the same."""
    monkeypatch.setattr(request, "SECONDS", 0.1)
    monkeypatch.setattr(request, "time_limit", lambda *_: nullcontext(threading.Event()))
    with pytest.raises(Unreadable, match=r"not read within 0\.1 seconds"):
        fetcher(tmp_path).documents([f"{site.address}/silent"])


@pytest.mark.parametrize("encoding", ["gb18030", "iso-8859-1"])
def test_a_page_may_say_how_it_is_encoded(tmp_path: Path, encoding: str) -> None:
    """Older pages are not in UTF-8, and say so in their head."""
    path = tmp_path / "a.html"
    word = "参数" if encoding == "gb18030" else "Café"
    path.write_bytes(f'<html><head><meta charset="{encoding}"></head><p>{word}</p></html>'.encode(encoding))
    assert word in Fetcher(tmp_path).documents([str(path)])[0].text
