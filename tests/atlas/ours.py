"""Signs cases with the generated clients: JSON lines in, JSON lines out; a process of its own, which imports their output."""

from __future__ import annotations

import importlib
import json
import sys
import uuid
from decimal import Decimal
from typing import Any

from venues.core.client import SyncCore
from venues.core.request.messages import Request


def client_of(api: str, credentials: dict[str, str], **options: Any) -> SyncCore:
    """Return the client of an API."""
    module = importlib.import_module(f"venues.{api}")
    exported = [getattr(module, name) for name in module.__all__]
    made: Any = next(one for one in exported if isinstance(one, type) and issubclass(one, SyncCore))
    client: SyncCore = made(**credentials, **options)
    return client


def prepare(client: SyncCore, case: dict[str, Any]) -> Request:
    """Return the request of a case, signed."""
    operations = importlib.import_module(f"venues.{case['api']}.operations")
    operation = getattr(operations, case["operation"].upper())
    values = {wire: Decimal(value) if wire in case["decimals"] else value for wire, value in case["values"].items()}
    return client.prepare(operation, **{operation.by_wire[wire].name: value for wire, value in values.items()})


def signed(case: dict[str, Any], credentials: dict[str, str]) -> dict[str, Any]:
    """Return what is sent at the time of a case."""
    # A new client for each: a nonce that always grows would be another one for the second call.
    options = case.get("options", {})
    request = prepare(client_of(case["api"], credentials, clock=lambda: case["now"], **options), case)
    return {"url": request.url, "headers": dict(request.headers), "body": request.body.decode()}


def main() -> None:
    """Answer every line; the first one has the random value and the credentials."""
    setup = json.loads(sys.stdin.readline())
    uuid.uuid4 = lambda: uuid.UUID(setup["uuid"])
    for line in sys.stdin:
        case = json.loads(line)
        try:
            answer = signed(case, setup["credentials"][case["api"]])
        except Exception as error:
            answer = {"failed": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer))


if __name__ == "__main__":
    main()
