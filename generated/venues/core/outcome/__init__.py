# Edited in templates/venues/core/outcome/__init__.py; the copy in generated/ is imported.
"""The outcome of a call: its course, the clock, the limits, finding what was lost."""
