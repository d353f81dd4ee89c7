"""Copies of specs that tests may change, and the commands run over them."""

from __future__ import annotations

import shutil
from pathlib import Path

from click.testing import CliRunner, Result

from generator.cli import main
from tests.drift.reading import SPECS


def copied(api: str, to: Path) -> Path:
    """A copy of an API's spec; returns the folder of all specs."""
    specs = to / "specs"
    shutil.copytree(SPECS / "schema", specs / "schema")
    shutil.copytree(SPECS / api, specs / api)
    return specs


def run(*arguments: object) -> Result:
    """Run the generator in this process."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


def texts(folder: Path) -> dict[str, str]:
    """All files below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()
    }


API = """\
title: Toy API
client: Toy
summary: An exchange that does not exist.
servers:
  production: {rest: "https://api.example.com"}
carriers: {GET: query, POST: json}
envelope: {code: code, message: [msg], data: data, success: [0], base: integer, example: {code: 0, msg: ok}}
signing:
  credentials:
    api_key: {doc: The key., example: mock-key}
    api_secret: {doc: The secret., example: mock-secret}
  schemes:
    hmac:
      doc: HMAC-SHA256 in hex.
      credentials: [api_key, api_secret]
      place: [{header: X-KEY, value: api_key}, {header: X-TIME, value: timestamp}]
      text: [timestamp, method, path, "?query", body]
      algorithm: hmac-sha256
      secret: api_secret
      encoding: hex
      signature: {header: X-SIGN}
pages:
  orders: {url: "https://docs.example.com/orders", read_on: 2026-11-20}
"""
ERRORS = """\
codes:
  # the key
  - {code: 1001, kind: AuthenticationFailed, message: The key is unknown.}
  - {code: 1003, kind: ClockSkew, message: The time is wrong.}
"""
TYPES = """\
enums:
  Side:
    doc: Direction of an order.
    members:
      - {name: BUY, value: BUY, doc: Buys.}   # the first
      - {name: SELL, value: SELL, doc: Sells.}
structs:
  Order:
    doc: An order.
    fields:
      orderId: {type: string, doc: The id.}
"""
ORDERS = """\
doc: Orders.
operations:
  - name: place_order
    summary: Place an order.
    request: POST /v1/order
    auth: signed
    permission: trade
    effect: once
    limit: {calls: 10, per: 1s, by: uid}
    params:
      # what is traded
      symbol: {type: string, required: true, doc: Trading pair., example: BTCUSDT}
      side: {type: Side, required: true, doc: Direction.}
    returns: Order
    example:
      params: {symbol: BTCUSDT, side: BUY}
      response: {orderId: "1"}
    source: {page: orders, heading: Place order}
"""
PAGE = """\
# Orders

## Place order

POST /v1/order

Rate limit: 10 requests / 1s

| Parameter | Type | Required | Description |
|---|---|---|---|
| symbol | string | Yes | Trading pair. |
| side | string | Yes | `BUY` / `SELL` |

Response fields

| Field | Type | Description |
|---|---|---|
| orderId | string | The id. |

## Errors

| Error code | Description |
|---|---|
| 1001 | Unknown key |
| 1003 | Wrong time |
"""


def toy(folder: Path, page: str = PAGE) -> tuple[Path, Path]:
    """A small spec and its one page; returns the folder of specs and the page."""
    specs = folder / "specs"
    files = {"api.yaml": API, "errors.yaml": ERRORS, "types.yaml": TYPES, "rest/orders.yaml": ORDERS}
    for name, text in files.items():
        (specs / "toy" / name).parent.mkdir(parents=True, exist_ok=True)
        (specs / "toy" / name).write_text(text, "utf-8")
    shutil.copytree(SPECS / "schema", specs / "schema")
    path = folder / "orders.md"
    path.write_text(page, "utf-8")
    return specs, path
