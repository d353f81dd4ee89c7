# Edited in templates/venues/mock/streams/__init__.py; the copy in generated/ is imported.
"""The WebSocket side of the mock exchange: connections, logins, listen keys, subscriptions, pushes."""
