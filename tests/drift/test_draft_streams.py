"""Channels that pages document are in a draft, with their topics, parameters, members and a push."""

from __future__ import annotations

from pathlib import Path

from tests.drift.test_draft_limits import draft
from tests.drift.test_layouts import ORDERS

PAGE = """\
# Pond API

## List orders

`GET /v1/orders`

| Name | Type | Required | Description |
|---|---|---|---|
| depth | string | no | One of `deep`, `flat` |

## Subscribing

```json
{"id": "7", "method": "SUBSCRIBE", "params": ["fish.deep.carp"]}
```

## Fish

**Topic:** `fish.{depth}.<name>`

| Name | Type | Description |
|---|---|---|
| topic | string | Which |
| data | array | What swam |
| > w | string | Its weight |
| > caughtAt | long | When |

## Your orders

**Topic:** `orders`, `orders.fast`

Push example

```json
{"topic": "orders", "data": {"orderId": "7", "E": 1717200000000  // Event time
}}
```
"""


def test_channels_are_drafted_as_documented(tmp_path: Path) -> None:
    """How one subscribes is what a sample shows; single letters have the names that the page explains them with."""
    found = draft(tmp_path, PAGE)
    for line in (
        'subscribe: {method: SUBSCRIBE, params: "{topics}", id: "{id}"}',
        "unsubscribe: {method: UNSUBSCRIBE",
        "ids: string",
        'push: {topic: "{topic}", data: "{data}"}',
        'topic: "fish.{depth}.{name}"',
        "depth: {type: Depth, required: true",
        'returns: "list[Fish]"',
        "push: {topic: fish.deep.text, data: [{w: ",
        "name: its_weight}",
        "name: event_time}",
        "name: orders_fast",
    ):
        assert line in found, line
    streams = (tmp_path / "specs" / "newexchange" / "streams.yaml").read_text("utf-8")
    assert ["public", "private", "private"] == [
        line.split(": ")[1] for line in streams.splitlines() if "    connection: " in line
    ]
    assert 1 == streams.count("TODO")


def test_an_api_without_channels_has_no_streams(tmp_path: Path) -> None:
    """No file for it is written."""
    draft(tmp_path, f"# Pond API\n\n## Orders\n\n`{ORDERS}`\n")
    assert not (tmp_path / "specs" / "newexchange" / "streams.yaml").exists()
