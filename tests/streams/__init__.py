"""WebSocket streams, against the mock exchange over real sockets."""
