# Edited in templates/venues/core/request/__init__.py; the copy in generated/ is imported.
"""What a call says: operations, parameters and their rules, the wire, the signature."""
