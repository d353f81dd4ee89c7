# Edited in templates/venues/mock/books/__init__.py; the copy in generated/ is imported.
"""Orders that the mock exchange makes, remembers and fills; loaded by the first mock exchange that remembers."""
