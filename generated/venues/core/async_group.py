# Edited in templates/venues/core/async_group.py; the copy in generated/ is imported.
"""A group of an async client; that of a sync client is derived from this module, by `group.py.unasync`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from venues.core.async_client import AsyncCore


class AsyncGroup:
    """Some operations of an async client."""

    def __init_subclass__(cls) -> None:
        from venues.core.call.misspelling import explain_arguments

        explain_arguments(cls)

    def __init__(self, client: AsyncCore) -> None:
        self._exchange = client._exchange
        self._iterate = client._iterate
        self._api = client.PROFILE.name

    if not TYPE_CHECKING:  # a type checker would take every name for one that exists

        def __getattr__(self, name: str) -> object:
            from venues.core.call.nearest import missing_attribute

            raise missing_attribute(self, name, vars(self).get("_api", ""))
