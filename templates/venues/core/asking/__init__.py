# Edited in templates/venues/core/asking/__init__.py; the copy in generated/ is imported.
"""What a client asks the exchange on its own: the outcome of a call, and the progress of an order."""
