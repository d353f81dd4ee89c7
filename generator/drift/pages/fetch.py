"""Fetches pages of documentation: politely, one at a time, within limits, and never from private addresses."""

from __future__ import annotations

import hashlib
import json
import re
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from generator.drift.pages.blocks import Document, Unreadable
from generator.drift.pages.document import MAX_BYTES
from generator.drift.pages.reach import is_private, time_limit

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, HTTPConnectionPool

AGENT = "venues-drift/1 (reads API documentation; once a day at most)"
SECONDS = 30  # for a whole page, however slowly it arrives
REDIRECTS = 5
PAUSE = 1.0  # seconds between two requests: documentation is often served by a small host
ENDINGS = (".md", ".mdx", ".markdown", ".txt", ".html", ".htm", ".json", ".yaml", ".yml")
# The hash of a commit in the address of a file: whatever happens to the documentation, this text stays.
_PINNED = re.compile(r"/[0-9a-f]{40}/")
WHY = {
    "SSLError": "the certificate of the server has another name, or nobody vouches for it",
    "NewConnectionError": "no connection to the server",
    "ProtocolError": "what the server sent is no HTTP, or ends too early",
    "DecodeError": "the page is not compressed as the server says",
}
"""What errors of the library mean."""
MOVED = (301, 308)
"""Statuses that say that a page has another address from now on."""
_BLOB = re.compile(r"https://github\.com/([^/]+/[^/]+)/blob/(.+)")
# Only encodings of text: Python knows others, such as zip or idna, that a page must not choose.
_CHARSET = re.compile(
    r"charset=[\"']?(iso-8859-\d+|windows-125\d|gb2312|gbk|gb18030|big5|shift_jis|euc-(?:jp|kr)|koi8-[ru])\b",
    re.IGNORECASE,
)
Resolve = Callable[[str], list[str]]


def addresses_of(host: str) -> list[str]:
    """Return the addresses of a host."""
    try:
        return [str(entry[4][0]) for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        raise Unreadable(f"{host}: unknown host, or no network") from None


@dataclass
class Fetcher:
    """Reads files, folders and addresses into documents."""

    cache: Path
    allow_private: bool = False
    resolve: Resolve = addresses_of
    _last: float = 0.0
    remarks: list[str] = field(default_factory=list)
    """What is odd about addresses: those that can't change, and those that moved."""

    def documents(self, places: list[str], names: dict[str, str] | None = None) -> list[Document]:
        """Return the documents at these places, in order; `names` maps addresses to names of pages.

        Raises:
            Unreadable: if one cannot be read.
        """
        return [document for place in places for document in self._documents(place, names or {})]

    def _documents(self, place: str, names: dict[str, str]) -> Iterator[Document]:
        if re.match(r"https?://", place):
            yield Document(names.get(place) or page_name(place), place, self._fetch(place))
            return
        path = Path(place)
        if place and path.is_dir():
            files = sorted(
                p for p in path.rglob("*") if p.suffix.lower() in ENDINGS and (p.is_file() or p.is_symlink())
            )
            if not files:
                raise Unreadable(f"{place}: contains no page ({', '.join(ENDINGS)})")
            # By the whole path: a page keeps its name if another of the same file name comes or goes.
            yield from (_file(file, file.relative_to(path).parent.parts) for file in files)
        elif path.is_file():
            yield _file(path)
        else:
            raise Unreadable(f"{place}: no such file, folder or address")

    def _fetch(self, url: str) -> str:
        if _PINNED.search(raw_address(url)):
            self.remarks.append(f"{url}: is pinned to a commit, so this page can't change; name a branch instead")
        kept = self.cache / (hashlib.sha256(url.encode()).hexdigest()[:32] + ".json")
        known = _load_kept(kept)
        status, headers, body = self._follow(raw_address(url), known.get("etag", ""))
        if status == 304 and "text" in known:
            return known["text"]
        if status != 200:
            raise Unreadable(f"{url}: the server returned status {status}")
        text = _decode(body, headers.get("content-type", ""), url)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps({"etag": headers.get("etag", ""), "text": text}), "utf-8")
        return text

    def _follow(self, url: str, etag: str) -> tuple[int, dict[str, str], bytes]:
        host = _parts(url).hostname
        for _ in range(REDIRECTS + 1):
            status, headers, body = self._get(url, self._check_target(url), etag)
            if status not in (301, 302, 303, 307, 308) or "location" not in headers:
                return status, headers, body
            before = url
            url, new = _redirect_of(url, headers["location"])
            # Another host may be a login page, or an address that --allow-private was not meant for.
            if new is None:
                raise Unreadable(f"{before} redirects to {url}, which is not an address")
            if new != host:
                raise Unreadable(f"{host} redirects to {new}, another host, which is not followed; use {url} itself")
            if status in MOVED:
                self.remarks.append(f"{before}: moved to {url}; correct its address in api.yaml")
        raise Unreadable(f"{url}: more than {REDIRECTS} redirects")

    def _check_target(self, url: str) -> str:
        """Return the address to connect to; the host is resolved once, so that this address is the one that was checked."""
        parts = _parts(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise Unreadable(f"{url}: only http and https addresses without a user name are read")
        addresses = self.resolve(parts.hostname)
        for address in addresses:
            if not self.allow_private and is_private(address):
                hint = "use --allow-private to read it"
                raise Unreadable(f"{parts.hostname} has the private address {address}; {hint}")
        if not addresses:
            raise Unreadable(f"{parts.hostname}: unknown host, or no network")
        return addresses[0]

    def _get(self, url: str, address: str, etag: str) -> tuple[int, dict[str, str], bytes]:
        time.sleep(max(0.0, self._last + PAUSE - time.monotonic()) if self._last else 0.0)
        parts = urlsplit(url)
        headers = {
            "User-Agent": AGENT,
            "Accept": "text/html, text/markdown, text/plain, application/json, application/yaml",
            "Host": parts.netloc,
        }
        # A page that has not changed costs the server nothing.
        headers |= {"If-None-Match": etag} if etag else {}
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            with _pool(parts, address) as pool, time_limit(pool, SECONDS) as passed:
                status, answered, body = _answer_of(pool, path, headers, url, passed)
        finally:
            self._last = time.monotonic()
        if len(body) > MAX_BYTES:
            raise Unreadable(f"{url}: more than {MAX_BYTES} bytes")
        return status, answered, body


def _answer_of(
    pool: HTTPConnectionPool, path: str, headers: dict[str, str], url: str, passed: Event
) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of an answer; `passed` says that the time for it is up."""
    import urllib3

    try:
        answer = pool.urlopen("GET", path, headers=headers, preload_content=False, redirect=False, retries=False)
        body = _body(answer, url)
        answer.close()
    except urllib3.exceptions.HTTPError as error:
        why = WHY.get(type(error).__name__, "the answer could not be read")
        what = f"{url}: {why} ({type(error).__name__}); nothing was read"
        raise (_late(url) if passed.is_set() else Unreadable(what)) from None
    if passed.is_set():
        raise _late(url)
    return answer.status, {key.lower(): value for key, value in answer.headers.items()}, body


def _redirect_of(url: str, location: str) -> tuple[str, str | None]:
    """Return the address that a redirect leads to, and its host."""
    try:
        target = urljoin(url, location)
    except ValueError:
        raise Unreadable(f"{url} redirects to {location}, which is not an address") from None
    return target, _parts(target).hostname


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  # checked when it is read
        url.encode()  # arguments of a command line may hold half a character
    except ValueError as error:
        raise Unreadable(f"{url}: not an address: {error}") from None
    return parts


def _body(answer: BaseHTTPResponse, url: str) -> bytes:
    """Read a page piece by piece, so that one that never ends is given up."""
    body, until = bytearray(), time.monotonic() + SECONDS
    while len(body) <= MAX_BYTES and (piece := answer.read1(1 << 16, decode_content=True)):
        body += piece
        if time.monotonic() > until:
            raise _late(url)
    return bytes(body)


def _late(url: str) -> Unreadable:
    return Unreadable(f"{url}: not read within {SECONDS} seconds; nothing was read")


def _pool(parts: SplitResult, address: str) -> HTTPConnectionPool:
    """Return a connection to a checked address, with the name of its host."""
    import urllib3

    timeout = urllib3.Timeout(total=SECONDS)
    if parts.scheme == "http":
        return urllib3.HTTPConnectionPool(address, parts.port or 80, timeout=timeout)
    host = str(parts.hostname)
    return urllib3.HTTPSConnectionPool(
        # The connection goes to the address, so the certificate is checked against the host's name explicitly.
        address,
        parts.port or 443,
        timeout=timeout,
        server_hostname=host,
        assert_hostname=host,
    )


def page_name(place: str) -> str:
    """Name a page after the last part of its path, without the ending."""
    last = unquote(_parts(place).path.rstrip("/").rsplit("/", 1)[-1]) or _parts(place).hostname or "page"
    return last.split(".")[0] or last


def raw_address(url: str) -> str:
    """Return the address of a file's text, for that of the page that shows it."""
    match = _BLOB.match(url)
    return f"https://raw.githubusercontent.com/{match.group(1)}/{match.group(2)}" if match else url


def _file(path: Path, folders: Sequence[str] = ()) -> Document:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Unreadable(f"{path}: more than {MAX_BYTES} bytes; read its pages one by one")
        body = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror or type(error).__name__}") from None
    name = "-".join((*folders, path.name.partition(".")[0])).replace(".", "-")
    return Document(name, path.as_posix(), _decode(body, "", str(path)))


def _decode(body: bytes, content_type: str, place: str) -> str:
    if content_type and not re.match(
        r"(text/|application/(xhtml|markdown|json|yaml|x-yaml|vnd\.oai\.openapi))", content_type
    ):
        raise Unreadable(f"{place}: {content_type.partition(';')[0]} is not a documentation page")
    # Archives and images may come as text/plain.
    if b"\0" in body[:4000]:
        raise Unreadable(f"{place}: not a text file")
    charset = _CHARSET.search(content_type) or _CHARSET.search(body[:2000].decode("ascii", "replace"))
    for encoding in ("utf-8", charset.group(1) if charset else "utf-8"):
        try:
            return body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    # A few wrong characters in a description do no harm; a page that is not read at all does.
    return body.decode("utf-8", "replace")


def _load_kept(path: Path) -> dict[str, str]:
    try:
        return {str(k): str(v) for k, v in json.loads(path.read_text("utf-8")).items()}
    except (OSError, ValueError, AttributeError):
        return {}
