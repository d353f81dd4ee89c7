# Edited in templates/venues/core/call/__init__.py; the copy in generated/ is imported.
"""The parts that a client is composed of; none of them waits or sends."""
