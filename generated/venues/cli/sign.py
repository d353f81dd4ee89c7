"""venues sign: show what would be sent."""

from __future__ import annotations

from argparse import Namespace

from venues.cli.chosen import arguments_of, check_credentials, client_of, operation_of
from venues.cli.said import say


def run(options: Namespace) -> None:
    """Print a signed request, its secrets masked."""
    make = client_of(options.api)
    operation = operation_of(options.api, options.operation)
    arguments = arguments_of(operation, options.values)
    clock = None if options.time is None else lambda: options.time
    with make(base_url=options.base_url, environment=options.environment, clock=clock) as client:
        check_credentials(client, operation)
        request = client.prepare(operation, **arguments)
    say(f"{request.method} {request.masked_url}")
    for name, value in request.masked_headers.items():
        say(f"{name}: {value}")
    if request.body:
        say(f"\n{request.masked_body}")
    say(f"\n{request.curl()}")
