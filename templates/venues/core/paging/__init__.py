# Edited in templates/venues/core/paging/__init__.py; the copy in generated/ is imported.
"""Reads lists to their end, page by page; loaded by the first call of an `iter_` method."""
