"""Serves one long list on a real socket, page by page, as an operation's `paging` says, with what makes paging hard."""

from __future__ import annotations

import json
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, get_args, get_origin
from urllib.parse import parse_qsl, urlsplit

import msgspec

from tests.support.apis import Api
from venues.core.request.operation import Operation
from venues.core.request.paging import Paging

START = 1_760_000_000_000
"""When the first item came, in milliseconds."""
HOUR = 3_600_000


@dataclass
class Traps:
    """What a server does that documentation does not tell."""

    cap: int = 10**9
    """How many items a page holds at most, however many are asked for."""
    holds_from: bool = True
    """Whether the start of a window, or the id that is asked for, is part of the page."""
    holds_to: bool = True
    keeps: str = "first"
    """Which end of a window comes if it holds more than a page."""
    reverses: bool = False
    """Whether a page is in descending order."""
    skips: bool = False
    """Whether the second page begins behind as many items as were asked for, however few came with the first."""
    arrivals: int = 0
    """After how many requests a new item comes; 0 for never."""
    drops: int = 0
    """Which request is left without an answer; 0 for none."""


@dataclass
class PagedList:
    """The list of one operation: raw items by wire names, each with its time and its number."""

    api: Api
    operation: Operation[Any]
    traps: Traps
    count: int
    items: list[Any] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    requests: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._body = json.loads(self.api.response(self.operation))
        self._places = _places(self.operation)
        self._unwrap_one()
        self._example = self._payload_list(self._body)[0]
        del self._payload_list(self._body)[1:]  # one shows where they are
        self._text = msgspec.json.encode(self._body)
        self.times = sorted(_times(self.count, self.paging))
        self.refresh()

    def refresh(self) -> None:
        """Make the items again, after their times were changed."""
        self.items = [self._item(number, time) for number, time in enumerate(self.times, start=1)]

    @property
    def paging(self) -> Paging:
        paging = self.operation.paging
        assert paging is not None
        return paging

    def number_of(self, value: Any) -> int:
        """Return the number of an item that a client gave."""
        if not self._places:
            return int(value["number"])
        for name in self._places:
            if name != self.paging.time:
                return int(getattr(value, name))
        return bisect_left(self.times, getattr(value, next(iter(self._places))) * self.paging.time_ms) + 1

    def answer(self, given: dict[str, str]) -> bytes | None:
        """Answer a request; None leaves it without an answer."""
        self.requests.append(given)
        if len(self.requests) == self.traps.drops:
            return None
        if self.traps.arrivals and len(self.requests) % self.traps.arrivals == 0:
            self.items.append(self._item(len(self.items) + 1, self.times[-1]))
            self.times.append(self.times[-1])
        asked = given.get(self.paging.limit or "")
        size = min(self.traps.cap, int(asked) if asked else 10**9)
        page = list(self._page(given, size, int(asked) if asked and self.traps.skips else size))
        body = msgspec.json.decode(self._text)
        self._fill(body, [self.items[number - 1] for number in page], given, page)
        return msgspec.json.encode(body)

    def _page(self, given: dict[str, str], size: int, offset: int) -> range:
        """Return the numbers of the items of a page; items are numbered from 1, in order of time."""
        paging = self.paging
        numbers = self._inside(given)
        if paging.by == "time":
            page = numbers[:size] if self.traps.keeps == "first" else numbers[max(len(numbers) - size, 0) :]
            return page[::-1] if self.traps.reverses else page
        if paging.by == "page":
            first = paging.begin if isinstance(paging.begin, int) else 1
            index = int(given.get(paging.start, first)) - first
            newest_first = numbers[::-1]
            return newest_first[index * offset : index * offset + size]
        at = given.get(paging.start)
        if paging.goes == "down":
            return (numbers if at is None else range(numbers.start, min(numbers.stop, int(at))))[::-1][:size]
        least = int(at or 0) if self.traps.holds_from else int(at or 0) + 1
        return range(max(numbers.start, least), numbers.stop)[:size]

    def _inside(self, given: dict[str, str]) -> range:
        """Return the numbers of the items in the window of a request; they follow each other, as the times are in order."""
        if self.paging.times is None:
            return range(1, len(self.items) + 1)
        start, end = (int(given[wire]) * self.paging.unit if wire in given else None for wire in self.paging.times)
        if self.paging.window and start is not None and end is not None:
            assert end - start < self.paging.window, "the window is longer than allowed"
        begin, stop = 0, len(self.times)
        if start is not None:
            begin = (bisect_left if self.traps.holds_from else bisect_right)(self.times, start)
        if end is not None:
            stop = (bisect_right if self.traps.holds_to else bisect_left)(self.times, end)
        return range(begin + 1, max(begin, stop) + 1)

    def _item(self, number: int, time: int) -> Any:
        item = copy(self._example)
        if not self._places:  # nothing is known of it
            item["number"] = number
        for name, place in self._places.items():
            value: object = number if name != self.paging.time else time // self.paging.time_ms
            if name in self.paging.key and name == self.paging.time:
                value = time
            shown = item.get(place) if isinstance(item, dict) else item[place]
            item[place] = str(value) if isinstance(shown, str) else value
        return item

    def _unwrap_one(self) -> None:
        """Put the list where it should be, if the example shows one bare object instead."""
        data = self.api.client.PROFILE.envelope.data
        if self.operation.single and data is not None and isinstance(self._body[data], dict):
            self._body[data] = [self._body[data]]

    def _payload_list(self, body: Any) -> list[Any]:
        holder = self._holder(body)
        found = holder if isinstance(holder, list) else next(v for v in holder.values() if isinstance(v, list) and v)
        assert isinstance(found, list)
        return found

    def _holder(self, body: Any) -> Any:
        """Return the payload: the list, or the object with it."""
        data = self.api.client.PROFILE.envelope.data
        payload = body if self.operation.payload == "body" or data is None else body[data]
        inside = self.operation.unwrap
        return payload[inside] if inside and isinstance(payload, dict) and inside in payload else payload

    def _fill(self, body: Any, items: list[Any], given: dict[str, str], page: list[int]) -> None:
        self._payload_list(body)[:] = items
        holder, paging = self._holder(body), self.paging
        if isinstance(holder, dict):
            fields = _wires(self.operation.returns)
            if paging.total:
                holder[fields[paging.total]] = len(self.items)
            if paging.number:
                holder[fields[paging.number]] = int(given.get(paging.start, 1))
            if paging.next:
                holder[fields[paging.next]] = self._next(page, given)

    def _next(self, page: list[int], given: dict[str, str]) -> str:
        """Return what says where the next page begins: behind this one, or, with ids that fall, before its last item."""
        if self.paging.by == "cursor":
            return str(page[-1] + 1) if page and page[-1] + 1 != self._inside(given).stop else ""
        return str(min(page)) if page else ""


def _wires(struct: Any) -> dict[str, str]:
    """Return Python name → wire name of a model's members."""
    return dict(zip(struct.__struct_fields__, struct.__struct_encode_fields__, strict=True))


def _places(operation: Operation[Any]) -> dict[str, Any]:
    """Return where an item has what tells it from others: Python name → wire name, or index in an array."""
    item = item_type(operation)
    if not (isinstance(item, type) and issubclass(item, msgspec.Struct)):
        return {}
    paging = operation.paging
    assert paging is not None
    names = dict.fromkeys([*paging.key, *([paging.time] if paging.time else [])])
    if not paging.key:
        names |= dict.fromkeys(_distinguishing(item, paging))
    if item.__struct_config__.array_like:
        return {name: item.__struct_fields__.index(name) for name in names}
    return {name: _wires(item)[name] for name in names}


def _distinguishing(item: Any, paging: Paging) -> list[str]:
    """Return a number in an item that has no id, so that no two items are alike."""
    kinds = {info.name: info.type for info in msgspec.structs.fields(item)}
    return [name for name, kind in kinds.items() if "Decimal" in str(kind) and name != paging.time][:1]


def item_type(operation: Operation[Any]) -> Any:
    """Return the type of the items of a list."""
    returns, paging = operation.returns, operation.paging
    assert paging is not None
    if not paging.items:
        return returns.__args__[0]
    kind = next(info.type for info in msgspec.structs.fields(returns) if info.name == paging.items[0])
    return next(part for part in _parts(kind) if get_origin(part) is list).__args__[0]


def _parts(kind: Any) -> Iterator[Any]:
    """Yield a type and those that it is made of."""
    yield kind
    for part in get_args(kind):
        yield from _parts(part)


def _times(count: int, paging: Paging) -> Iterator[int]:
    """Yield times that share milliseconds in groups of up to seven, with a long gap in the middle."""
    spread = min(paging.window * 6, 20 * 24 * HOUR) if paging.window else 400 * 24 * HOUR
    step = spread // count
    shares = paging.time not in paging.key  # what is identified by its time has one of its own
    for number in range(count):
        group = number - number % (1 + number // 100 % 7) if shares else number
        time = START + group * step + (spread // 2 if number > count // 2 else 0)
        yield time - time % paging.unit


@contextmanager
def serving(listed: PagedList) -> Iterator[str]:
    """Serve a list; yield the address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            text = self.rfile.read(length).decode()
            given = dict(parse_qsl(urlsplit(self.path).query))
            sent = json.loads(text) if text.startswith("{") else dict(parse_qsl(text))
            body = listed.answer(given | {key: str(value) for key, value in sent.items()})
            if body is None:
                self.close_connection = True
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815  # the library's name

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
