# Edited in templates/venues/cli/mock.py; the copy in generated/ is imported.
"""venues mock: run a mock exchange on this machine."""

from __future__ import annotations

import re
import shlex
import signal
import sys
from argparse import Namespace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from venues.catalog import declarations
from venues.cli.printing import print_line
from venues.cli.usage import Usage

if TYPE_CHECKING:
    from venues.mock import Mock

PRICE = re.compile(r"(?=.*[1-9])[0-9]+(\.[0-9]+)?")
PORTS = 65536
"""A port is a number of 16 bits."""


def run(options: Namespace) -> None:
    """Serve until interrupted; print the address, and the credentials as shell exports."""
    declarations(options.api)
    if not 0 <= options.port < PORTS:
        raise Usage(f"--port is {options.port}; it must lie between 0 and {PORTS - 1}")
    markets = _markets(options.market)
    if options.walk and not markets:
        raise Usage("--walk needs a market that moves: --market SYMBOL=PRICE")
    # Imported only here: a mock needs a server, which no other command does.
    from venues.mock import NotSimulated, serve

    # A shell starts background jobs with SIGINT ignored, and SIGTERM would end Python without closing the server.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        serve(
            options.api,
            options.host,
            options.port,
            any_symbol=options.any_symbol,
            ready=partial(_announce, options.api),
            markets=markets,
            walk=options.walk,
            seed=options.seed,
            state=Path(options.state) if options.state else None,
        )
    except KeyboardInterrupt:
        return
    except NotSimulated as error:
        # Their callers know: each got an error of the exchange.
        print_line(f"# not simulated: {error}")
    except ValueError as error:
        raise Usage(str(error)) from None


def _announce(api: str, mock: Mock) -> None:
    """Print the credentials, what is assumed, and the address."""
    for name, value in mock.credentials.items():
        # Ready to paste: `venues call` in another terminal reads the same variables.
        print_line(f"export {f'{api}_{name}'.upper()}={shlex.quote(value)}")
    for market, assumed in mock.assumed.items():
        of = f" of {market}" if market else ""
        print_line(f"# assumed{of}, because no documentation says it: {', '.join(assumed)}")
    print_line(f"# {api} at {mock.url} until Ctrl-C")
    # A pipe is buffered, and a program that starts the mock exchange reads its address from these lines.
    sys.stdout.flush()


def _markets(given: list[str]) -> dict[str, str]:
    """Return symbols and their prices.

    Raises:
        Usage: if one of them is no `SYMBOL=PRICE`.
    """
    markets = {}
    for text in given:
        symbol, _, price = text.partition("=")
        if not symbol or not PRICE.fullmatch(price):
            raise Usage(f"--market is {text!r}; it must look like BTCUSDT=60000")
        markets[symbol] = price
    return markets
