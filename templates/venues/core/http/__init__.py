"""What a client asks of HTTP, and the three libraries that keep it.

Modules are called `with_…`, for one named `aiohttp` would read like the library that it wraps.
"""
