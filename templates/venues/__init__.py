"""Typed clients for crypto exchanges, each generated from one specification.

Import the exchange you trade on; nothing else is loaded:

    from venues.bitget_margin import BitgetMargin
"""

__version__ = "0.1.0"
