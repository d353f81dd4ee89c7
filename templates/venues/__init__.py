# Edited in templates/venues/__init__.py; the copy in generated/ is imported.
"""Typed clients for crypto exchanges, each generated from one specification.

Import the exchange you trade on; nothing else is loaded:

    from venues.your_exchange import YourExchange
"""

__version__ = "0.1.0"
