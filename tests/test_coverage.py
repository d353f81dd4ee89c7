"""What `check` prints of each API: how much of what is documented its spec has."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.model.api import Api
from generator.model.documentation import Coverage
from generator.pipeline.validate import model_of
from generator.source.folder import read_source
from tests.support.specs import models

SPECS = Path(__file__).parent.parent / "specs"
FILES = {
    "api.yaml": """
        title: Shop API
        client: Shop
        summary: A made-up exchange.
        servers: {production: {rest: "https://example.com", doc: The only one.}}
        carriers: {GET: query, POST: json}
        signed_params: {recvWindow: {type: integer, doc: How long it is valid.}}
        envelope: {code: code, message: [msg], data: data, success: [0], base: integer, example: {code: 0, msg: ok}}
        signing:
          credentials:
            api_key: {doc: The key., example: mock-key}
            api_secret: {doc: The secret., example: mock-secret}
          clock: {max_age: 5s}
          schemes:
            hmac:
              doc: HMAC over the parameters.
              credentials: [api_key, api_secret]
              place: [{param: apiKey, value: api_key}, {param: timestamp, value: timestamp}]
              text: [params]
              algorithm: hmac-sha256
              secret: api_secret
              encoding: hex
              signature: {param: sign}
        pages: {page: {url: "https://example.com/page", read_on: 2026-11-20}}
        documented:
          operations: 9
          params: 9
          required: 9
          fields: {count: 9, why: "Half of them were dreamt."}
          enums: 9
          values: 9
          codes: 9
          stream_codes: 9
    """,
    "errors.yaml": """
        http: [{status: 429, kind: RateLimited, message: Too many requests.}]
        codes:
          - {code: 0, kind: Success, message: Success.}
          - {code: 429, kind: RateLimited, message: Too many requests.}
        stream_codes: [{code: 7, kind: UnknownError, message: Something.}]
    """,
    "types.yaml": """
        enums:
          Side: {doc: Direction., members: [{name: BUY, value: buy, doc: Buys.}, {name: SELL, value: sell, doc: Sells.}]}
        structs:
          NewOrder:
            doc: An order to place.
            fields:
              side: {type: Side, doc: Direction.}
              price: {type: decimal, optional: true, doc: The price.}
          Order:
            doc: An order.
            fields:
              id: {type: string, doc: Its id.}
              fills: {type: "list[Fill]", doc: Its fills.}
              reason: {type: string, optional: true, doc: Why it was refused.}
              tags: {type: "map[Fill]", optional: true, doc: Fills by name.}
          Fill:
            doc: A fill.
            array: true
            fields:
              price: {type: decimal, doc: The price.}
              amount: {type: decimal, doc: The amount.}
    """,
    "rest/order.yaml": """
        doc: Orders.
        operations:
          - name: place_orders
            summary: Place orders.
            request: POST /orders
            auth: signed
            effect: once
            params:
              symbol: {type: string, required: true, doc: The pair.}
              orders: {type: "list[NewOrder]", required: true, doc: The orders.}
            returns: list[Order]
            example:
              params: {symbol: BTCUSDT, orders: [{side: buy}]}
              response: [{id: "1", fills: []}, {id: "2", fills: [["1", "2"]], reason: full}]
            source: {page: page, heading: Place}
          - name: get_order
            summary: Get an order.
            request: GET /order
            auth: signed
            effect: read
            params: {symbol: {type: string, doc: The pair.}}
            returns: Order
            example:
              params: {symbol: BTCUSDT}
              response: {id: "1", fills: [], tags: {first: ["1", "2"], second: ["3", "4"]}}
            source: {page: page, heading: Get}
          - name: get_page
            summary: Get a page of orders.
            request: GET /orders
            auth: none
            effect: read
            returns: Page
            struct:
              name: Page
              doc: A page of orders.
              fields:
                code: {type: integer, doc: The code.}
                data: {type: "list[Order]", doc: The orders.}
                next: {type: string, doc: The page that follows.}
            returns_from: body
            example:
              params: {}
              response: {code: 0, data: [{id: "1", fills: []}], next: ""}
            source: {page: page, heading: Page}
    """,
}


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> tuple[Coverage, ...]:
    """Return what is said of the spec above."""
    specs = tmp_path_factory.mktemp("specs")
    for name, text in FILES.items():
        path = specs / "shop" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return model_of(read_source(specs, specs / "shop"), specs).coverage


@pytest.fixture(scope="module")
def covered(figures: tuple[Coverage, ...]) -> dict[str, int]:
    """Return what the spec above has."""
    return {one.what: one.covered for one in figures}


def test_a_reason_stands_beside_its_figure(figures: tuple[Coverage, ...]) -> None:
    """A figure may say why the spec has another number; it is a number all the same."""
    assert Coverage("fields", 9, 13, "Half of them were dreamt.") in figures
    assert Coverage("operations", 9, 3) in figures


def test_parameters_are_what_a_caller_passes(covered: dict[str, int]) -> None:
    """Nested members count, shared parameters count once, time, key and signature not at all."""
    assert len(["symbol", "orders", "orders[].side", "orders[].price", "symbol", "recvWindow"]) == covered["params"]


def test_required_are_those_that_a_call_needs(covered: dict[str, int]) -> None:
    """A nested member that is not optional is required like a parameter that says so."""
    assert len(["symbol", "orders", "orders[].side"]) == covered["required"]


def test_fields_are_what_each_operation_answers(covered: dict[str, int]) -> None:
    """A shared struct counts with the members that an operation answers; envelope and keys of maps do not count."""
    placed = ["id", "fills", "fills.price", "fills.amount", "reason"]
    got = ["id", "fills", "tags", "tags.price", "tags.amount"]
    page = ["data.id", "data.fills", "next"]
    assert len(placed + got + page) == covered["fields"]


def test_codes_that_repeat_a_status_do_not_count(covered: dict[str, int]) -> None:
    """A code that only stands for an HTTP status is none of the documented codes."""
    assert len(["0"]) == covered["codes"]


def test_the_rest_is_counted_as_it_stands(covered: dict[str, int]) -> None:
    """Operations, enumerations and values count one by one."""
    assert {"operations": 3, "enums": 1, "values": 2}.items() <= covered.items()


@pytest.mark.parametrize("api", models(), ids=lambda api: api.name)
def test_specs_are_complete(api: Api) -> None:
    """A spec has as much as is documented, or says why it has more or less; it gives no reason for nothing."""
    differ = {one.what for one in api.coverage if one.covered != one.documented}
    told = {one.what for one in api.coverage if one.why}
    assert differ == told, "correct `documented` in api.yaml, or say `why` there; `make check` prints the figures"


@pytest.mark.parametrize("api", models(), ids=lambda api: api.name)
def test_specs_say_how_much_is_documented(api: Api) -> None:
    """`check` has a figure for each thing that it can count in an API."""
    wanted = ["operations", "params", "required", "fields", "enums", "values", "codes"]
    assert wanted + ["stream_codes"] * bool(api.stream_errors) == [one.what for one in api.coverage]
