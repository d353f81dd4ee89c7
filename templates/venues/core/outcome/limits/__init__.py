# Edited in templates/venues/core/outcome/limits/__init__.py; the copy in generated/ is imported.
"""Counting calls: in memory, or in Redis."""
