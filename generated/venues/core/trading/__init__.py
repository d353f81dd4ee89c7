# Edited in templates/venues/core/trading/__init__.py; the copy in generated/ is imported.
"""What can be traded: instruments, the amounts that an exchange accepts, and how it spells symbols."""
