# Edited in templates/venues/cli/mock.py; the copy in generated/ is imported.
"""venues mock: run a mock exchange on this machine."""

from __future__ import annotations

import shlex
import signal
import sys
from argparse import Namespace

from venues.catalog import declarations
from venues.cli.printing import print_line
from venues.cli.usage import Usage

PORTS = 65536
"""A port is a number of 16 bits."""


def run(options: Namespace) -> None:
    """Serve until interrupted; print the address, and the credentials as shell exports."""
    declarations(options.api)
    if not 0 <= options.port < PORTS:
        raise Usage(f"--port is {options.port}; it must lie between 0 and {PORTS - 1}")
    # Imported only here: a mock needs a server, which no other command does.
    from venues.mock import Mock, serve

    def ready(mock: Mock) -> None:
        for name, value in mock.credentials.items():
            # Ready to paste: `venues call` in another terminal reads the same variables.
            print_line(f"export {f'{options.api}_{name}'.upper()}={shlex.quote(value)}")
        print_line(f"# {options.api} at {mock.url} until Ctrl-C")
        sys.stdout.flush()  # whoever started it through a pipe waits for these lines, and a pipe is buffered

    # A shell starts background jobs with SIGINT ignored, and SIGTERM would end Python without closing the server.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        serve(options.api, options.host, options.port, any_symbol=options.any_symbol, ready=ready)
    except KeyboardInterrupt:
        return
