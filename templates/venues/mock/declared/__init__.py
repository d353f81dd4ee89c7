# Edited in templates/venues/mock/declared/__init__.py; the copy in generated/ is imported.
"""What the specification declares, as the mock exchange reads it."""
