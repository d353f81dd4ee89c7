"""Fetches pages: politely, one at a time, within limits, and never from private addresses; or reads them from disk."""

from __future__ import annotations

import hashlib
import json
import re
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin

from generator.drift.fetching.reach import is_private
from generator.drift.pages.blocks import Document, Unreadable
from generator.drift.pages.document import MAX_BYTES

if TYPE_CHECKING:
    pass
from generator.drift.fetching.decoding import decoded
from generator.drift.fetching.request import get, parts_of

REDIRECTS = 5
PAUSE = 1.0  # seconds between two requests: documentation is often served by a small host
ENDINGS = (".md", ".mdx", ".markdown", ".txt", ".html", ".htm", ".json", ".yaml", ".yml")
# The hash of a commit in the address of a file: whatever happens to the documentation, this text stays.
_PINNED = re.compile(r"/[0-9a-f]{40}/")
MOVED = (301, 308)
"""Statuses that say that a page has another address from now on."""
_BLOB = re.compile(r"https://github\.com/([^/]+/[^/]+)/blob/(.+)")
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
        text = decoded(body, headers.get("content-type", ""), url)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps({"etag": headers.get("etag", ""), "text": text}), "utf-8")
        return text

    def _follow(self, url: str, etag: str) -> tuple[int, dict[str, str], bytes]:
        host = parts_of(url).hostname
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
        parts = parts_of(url)
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
        try:
            return get(url, address, etag)
        finally:
            self._last = time.monotonic()


def _redirect_of(url: str, location: str) -> tuple[str, str | None]:
    """Return the address that a redirect leads to, and its host."""
    try:
        target = urljoin(url, location)
    except ValueError:
        raise Unreadable(f"{url} redirects to {location}, which is not an address") from None
    return target, parts_of(target).hostname


def page_name(place: str) -> str:
    """Name a page after the last part of its path, without the ending."""
    last = unquote(parts_of(place).path.rstrip("/").rsplit("/", 1)[-1]) or parts_of(place).hostname or "page"
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
    return Document(name, path.as_posix(), decoded(body, "", str(path)))


def _load_kept(path: Path) -> dict[str, str]:
    try:
        return {str(k): str(v) for k, v in json.loads(path.read_text("utf-8")).items()}
    except (OSError, ValueError, AttributeError):
        return {}
