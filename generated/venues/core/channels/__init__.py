# Edited in templates/venues/core/channels/__init__.py; the copy in generated/ is imported.
"""Channels and what comes through them; here is nothing that connects."""
