# Edited in templates/venues/mock/__init__.py; the copy in generated/ is imported.
"""A mock exchange for every API, for tests: a real HTTP and WebSocket server on this machine.

It verifies keys, times, signatures and parameters as the exchange does, and answers in the exchange's own format: orders
live, markets move, money is counted; what has no meaning in the specification answers with its example. Faults, error codes and answers can be planned. It shares no code with the
client, so that both do not make the same mistake.

from venues.mock import Fault, Mock

with Mock("your_exchange") as mock:
    client = YourExchange(**mock.credentials, base_url=mock.url)
    mock.fault("trade.place_order", Fault.AFTER)
    mock.market("BTCUSDT").price("60000")
"""

from venues.mock.answer.faults import Fault
from venues.mock.books.order import Fill, NotSimulated, Order
from venues.mock.ledger import Executed
from venues.mock.request.received import Received, Verdict
from venues.mock.server import Mock
from venues.mock.serving import serve
from venues.mock.streams.server import NobodySubscribed

__all__ = [
    "Executed",
    "Fault",
    "Fill",
    "Mock",
    "NobodySubscribed",
    "NotSimulated",
    "Order",
    "Received",
    "Verdict",
    "serve",
]
