"""The runtime of WebSocket streams; loaded by the first call of `client.streams()`."""
