"""`venues mock`: run a mock exchange on this machine, for bots in other languages or for trying things out."""

from __future__ import annotations

import shlex
import signal
import sys
from argparse import Namespace

from venues.catalog import declarations
from venues.cli.main import Usage
from venues.cli.said import say

PORTS = 65536


def run(options: Namespace) -> None:
    """Serve until interrupted; print the address, and the credentials as lines for a shell."""
    declarations(options.api)
    if not 0 <= options.port < PORTS:
        raise Usage(f"--port is {options.port}; it must lie between 0 and {PORTS - 1}")
    from venues.mock import Mock, serve  # late: wrong options are refused without loading a server

    def ready(mock: Mock) -> None:
        for name, value in mock.credentials.items():
            say(f"export {f'{options.api}_{name}'.upper()}={shlex.quote(value)}")
        say(f"# {options.api} at {mock.url} until Ctrl-C")
        sys.stdout.flush()

    # A shell that starts this in the background ignores Ctrl-C for it; and kill shall end it as well as Ctrl-C.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        serve(options.api, options.host, options.port, any_symbol=options.any_symbol, ready=ready)
    except KeyboardInterrupt:
        return
