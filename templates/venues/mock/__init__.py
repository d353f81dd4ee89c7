"""A mock exchange for every API: a real HTTP server that verifies what it receives and answers as the exchange would.

from venues.mock import Fault, Mock

with Mock("your_exchange") as mock:
    client = YourExchange(**mock.credentials, base_url=mock.url)
    mock.fault("trade.place_order", Fault.AFTER)
"""

from venues.mock.answer.faults import Fault
from venues.mock.ledger import Executed
from venues.mock.request.received import Received, Verdict
from venues.mock.server import Mock, serve

__all__ = ["Executed", "Fault", "Mock", "Received", "Verdict", "serve"]
