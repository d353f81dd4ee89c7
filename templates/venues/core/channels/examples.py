# Edited in templates/venues/core/channels/examples.py; the copy in generated/ is imported.
"""Examples of channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from venues.core.channels.channel import Channel


@dataclass(frozen=True)
class StreamExample:
    """A channel, and a frame that the exchange would push to its subscribers."""

    channel: Channel[Any]
    push: str
    """The frame as JSON text."""
