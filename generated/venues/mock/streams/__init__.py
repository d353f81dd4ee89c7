"""The WebSocket side of the mock exchange: connections, logins, listen keys, subscriptions, pushes."""
