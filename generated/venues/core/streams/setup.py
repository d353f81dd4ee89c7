# Edited in templates/venues/core/streams/setup.py; the copy in generated/ is imported.
"""What the successive connections of one supervisor share."""

from __future__ import annotations

from dataclasses import dataclass

from venues.core.streams.address import Address
from venues.core.streams.context import Context
from venues.core.streams.login import LoginSigner
from venues.core.streams.protocol import ConnectionSpec
from venues.core.streams.reader import FrameReader
from venues.core.streams.sender import SendingLimits


@dataclass(frozen=True)
class ConnectionSetup:
    """How to make a connection, and what outlives it."""

    context: Context
    spec: ConnectionSpec
    address: Address
    reader: FrameReader
    limits: SendingLimits
    signer: LoginSigner | None
    name: str
    """As the hooks show it: the kind of connection and a number."""
