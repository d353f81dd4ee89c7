# Edited in templates/venues/core/values/__init__.py; the copy in generated/ is imported.
"""Values that requests and answers share: exact numbers, secrets, open enums."""
