"""Clients that prepare calls and send nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.support.apis import APIS
from venues import errors
from venues.core.request.operation import Operation
from venues.mock import Mock


class Exchange:
    """A client that only prepares its calls."""

    def __init__(self, name: str) -> None:
        api = next(api for api in APIS if api.name == name)
        made: Any = api.client
        self._client = made(**Mock(name, remembers=False).credentials)
        self._operations: dict[str, Operation[Any]] = {each.full_name: each for each in api.operations}

    def accepts(self, full_name: str, arguments: Mapping[str, Any]) -> bool:
        """Whether the client would send a call."""
        try:
            self._client.prepare(self._operations[full_name], **arguments)
        except errors.InvalidRequest:
            return False
        return True
