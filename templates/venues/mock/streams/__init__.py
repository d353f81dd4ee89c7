"""The WebSocket side of the mock exchange."""
