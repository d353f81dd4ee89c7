"""venues mock: play an exchange on this machine."""

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
    """Serve until interrupted; print where, and what to call it with."""
    declarations(options.api)
    if not 0 <= options.port < PORTS:
        raise Usage(f"--port is {options.port}; it must lie between 0 and {PORTS - 1}")
    from venues.mock import Mock, serve

    def ready(mock: Mock) -> None:
        for name, value in mock.credentials.items():
            say(f"export {f'{options.api}_{name}'.upper()}={shlex.quote(value)}")
        say(f"# {options.api} at {mock.url} until Ctrl-C")
        sys.stdout.flush()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        serve(options.api, options.host, options.port, any_symbol=options.any_symbol, ready=ready)
    except KeyboardInterrupt:
        return
