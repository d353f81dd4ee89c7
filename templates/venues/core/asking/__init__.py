# Edited in templates/venues/core/asking/__init__.py; the copy in generated/ is imported.
"""What a client asks of the exchange by itself: what became of a call, and what becomes of an order."""
