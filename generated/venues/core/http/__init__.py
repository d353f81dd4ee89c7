# Edited in templates/venues/core/http/__init__.py; the copy in generated/ is imported.
"""What a client asks of HTTP, and the three libraries that keep it.

Modules are called `with_…`, for one named `aiohttp` would read like the library that it wraps.
"""
