# Edited in templates/venues/core/answer/__init__.py; the copy in generated/ is imported.
"""What an answer says: reading it, mending it, models."""
