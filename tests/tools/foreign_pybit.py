"""pybit's streams, made to wait for themselves: what the tools that try pybit on a mock exchange connect with."""

from __future__ import annotations

import threading
from typing import Any

import pybit.unified_trading

LOGIN = 60
"""Seconds for which a login is valid. By default it is one; on a busy machine it may come later, is refused, and pybit waits for ever."""


class WebSocket(pybit.unified_trading.WebSocket):  # type: ignore[misc]  # of untyped pybit
    """Hears nothing while it subscribes.

    pybit sends a subscription first and notes it afterwards. An answer that comes in between, as one on the same machine
    may, is a KeyError in its reading thread: that connection is closed for good, and the next subscription waits for ever.
    """

    def __init__(self, url: str, channel_type: str, **keys: str) -> None:
        self.subscribing = threading.RLock()
        # Its addresses are constants of the module, with places for the rest of the name.
        pybit.unified_trading.PRIVATE_WSS = url.replace("http", "ws") + "/v5/private"
        pybit.unified_trading.PUBLIC_WSS = url.replace("http", "ws") + "/v5/public/{CHANNEL_TYPE}"
        super().__init__(testnet=False, channel_type=channel_type, private_auth_expire=LOGIN, **keys)

    def subscribe(self, *topic: Any, **more: Any) -> None:
        """Send a subscription and note it, and only then let its answer be read."""
        with self.subscribing:
            super().subscribe(*topic, **more)

    def _on_message(self, message: str) -> None:
        with self.subscribing:
            super()._on_message(message)
