# Edited in templates/venues/cli/sign.py; the copy in generated/ is imported.
"""venues sign: print a signed request without sending it."""

from __future__ import annotations

from argparse import Namespace

from venues.cli.printing import print_line
from venues.cli.target import arguments_of, check_credentials, client_of, operation_of


def run(options: Namespace) -> None:
    """Print a signed request with its secrets masked; nothing is sent."""
    make = client_of(options.api)
    operation = operation_of(options.api, options.operation)
    arguments = arguments_of(operation, options.values)
    clock = None if options.time is None else lambda: options.time
    with make(base_url=options.base_url, environment=options.environment, clock=clock) as client:
        check_credentials(client, operation)
        request = client.prepare(operation, **arguments)
    print_line(f"{request.method} {request.masked_url}")
    for name, value in request.masked_headers.items():
        print_line(f"{name}: {value}")
    if request.body:
        print_line(f"\n{request.masked_body}")
    print_line(f"\n{request.curl()}")
