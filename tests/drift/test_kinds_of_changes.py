"""One page with everything that pages state; each of its kinds changed, removed and added is told exactly so."""

from __future__ import annotations

import pytest

from tests.drift.reading import changed

PAGE = """\
# Lamps

## Service

Calls go to https://lamps.example.com, pushes come from `stream.lamps.example.com`.

At most 20 requests every 2 seconds are answered.

All times are in milliseconds; a `recvWindow` above 60000 is refused.

| Header | Meaning |
|---|---|
| LAMP-ACCESS-SIGN | HMAC SHA256, in hex |

## Get hours

GET /v1/hours

Rate limit: 10 requests / 1s

| Parameter | Type | Required | Description |
|---|---|---|---|
| room | string | Yes | Which room. |
| glow | string | No | One of `RED`, `BLUE`. |
| limit | int | No | At most 100. |

Response fields

| Field | Type | Description |
|---|---|---|
| list | array | Hours. |
| > list[0]: begin | string | When it begins. |
| > list[1]: watts | string | What it takes. |
| next | string | Where it goes on. |

## Get rooms

GET /v1/rooms

Every room of the house.

```json
{"rooms": [{"id": "1", "lit": true}]}
```

## Room state

Topic: `room.{id}`

Response fields

| Field | Type | Description |
|---|---|---|
| topic | string | Topic. |
| data | object | What changed. |
| > lit | bool | Whether it is lit. |
| > watts | string | What it takes. |

## Enums

### glowState

* `ON`
* `OFF`

## Error codes

### -2001 NO_LAMP

There is none.

### -2002 NO_ROOM

There is none.
"""
HOURS, ROOMS, STREAM = "GET /v1/hours", "GET /v1/rooms", "stream room.{id}"
Expected = list[tuple[str, str, str, str]]
KINDS: dict[str, tuple[str, str, Expected]] = {
    "an address": (
        "https://lamps.",
        "https://lights.",
        [("address-changed", "breaking", "section Service", "address")],
    ),
    "a host": ("stream.lamps", "stream.lights", [("address-changed", "breaking", "section Service", "address")]),
    "a limit of all": ("20 requests", "10 requests", [("limit-changed", "breaking", "section Service", "limit")]),
    "a unit": ("in milliseconds", "in microseconds", [("unit-changed", "breaking", "section Service", "unit")]),
    "a window": ("60000", "30000", [("window-changed", "breaking", "section Service", "window")]),
    "a signing header": ("LAMP-ACCESS", "LAMP-V2", [("signing-changed", "breaking", "section Service", "signing")]),
    "a signing word": ("in hex", "in Base64", [("signing-changed", "breaking", "section Service", "signing")]),
    "a lower limit": ("10 requests / 1s", "5 requests / 1s", [("limit-changed", "breaking", HOURS, "limit")]),
    "a higher limit": ("10 requests / 1s", "15 requests / 1s", [("limit-changed", "new", HOURS, "limit")]),
    "a limit that came": (
        "Every room",
        "Rate limit: 5 requests / 1s\n\nEvery room",
        [("limit-changed", "new", ROOMS, "limit")],
    ),
    "a mark": ("| glow | string | No", "| glow | string | Yes", [("param-became-required", "breaking", HOURS, "glow")]),
    "a parameter": (
        "| limit |",
        "| depth | int | Yes | How deep. |\n| limit |",
        [("param-added", "breaking", HOURS, "depth")],
    ),
    "a value that came": ("`BLUE`.", "`BLUE`, `GREEN`.", [("enum-value-added", "new", HOURS, "glow=GREEN")]),
    "a value that went": (
        "`RED`, `BLUE`.",
        "`RED`, `GREEN`.",
        [("enum-value-removed", "breaking", HOURS, "glow=BLUE"), ("enum-value-added", "new", HOURS, "glow=GREEN")],
    ),
    "a position that came": (
        "| next |",
        "| > list[2]: cost | string | What it costs. |\n| next |",
        [("response-field-added", "new", HOURS, "list[2]")],
    ),
    "a position that went": (
        "| > list[1]: watts | string | What it takes. |\n",
        "",
        [("response-field-removed", "breaking", HOURS, "list[1]")],
    ),
    "a position with another meaning": (
        "list[1]: watts",
        "list[1]: amperes",
        [("response-field-type-changed", "breaking", HOURS, "list[1]")],
    ),
    "a member of a sample": (
        '"lit": true',
        '"lit": true, "watts": 3',
        [("response-field-added", "new", ROOMS, "rooms[].watts")],
    ),
    "an end": (
        "Every room of the house.",
        "This call is deprecated and will be removed on 2031-03-01; use `GET /v2/rooms`.",
        [("operation-deprecated", "new", ROOMS, "")],
    ),
    "a topic": (
        "`room.{id}`",
        "`rooms.{house}.{id}`",
        [("channel-removed", "breaking", STREAM, ""), ("channel-added", "new", "stream rooms.{house}.{id}", "")],
    ),
    "a second topic": ("`room.{id}`", "`room.{id}`, `room.all`", [("channel-added", "new", "stream room.all", "")]),
    "a member that is pushed": (
        "| > watts | string | What it takes. |\n\n## Enums",
        "| > watts | string | What it takes. |\n| > cost | string | What it costs. |\n\n## Enums",
        [("response-field-added", "new", STREAM, "data.cost")],
    ),
    "a member that is pushed no more": (
        "| > lit | bool | Whether it is lit. |\n",
        "",
        [("response-field-removed", "breaking", STREAM, "data.lit")],
    ),
    "an entry of a list": ("* `OFF`", "* `OFF`\n* `DIM`", [("enum-value-added", "new", "enum glowState", "DIM")]),
    "a code in a heading": (
        "### -2002 NO_ROOM",
        "### -2003 NO_HOUSE",
        [("error-code-removed", "new", "errors", "-2002"), ("error-code-added", "new", "errors", "-2003")],
    ),
    "a path": ("GET /v1/rooms", "GET /v2/rooms", [("operation-moved", "breaking", "GET /v2/rooms", "")]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_change_is_told_and_nothing_else(kind: str) -> None:
    """With its id, its level, its owner and its name."""
    before, after, expected = KINDS[kind]
    assert before in PAGE
    found = changed(PAGE, PAGE.replace(before, after, 1))
    told = [(c.id, c.level, c.owner, c.name) for c in found if c.id != "wording-changed"]
    assert sorted(expected) == sorted(told)
