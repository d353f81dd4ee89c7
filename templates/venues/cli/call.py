"""venues call: call an operation and print the answer."""

from __future__ import annotations

from argparse import Namespace

from venues.cli.chosen import arguments_of, check_credentials, client_of, operation_of
from venues.cli.said import as_json, say


def run(options: Namespace) -> None:
    """Print the payload by Python names, or the body as it came."""
    make = client_of(options.api)
    operation = operation_of(options.api, options.operation)
    arguments = arguments_of(operation, options.values)
    with make(base_url=options.base_url, environment=options.environment, timeout=options.timeout) as client:
        check_credentials(client, operation)
        answer = client.call(operation, **arguments)
    say(answer.body.decode("utf-8", "replace") if options.json else as_json(answer.data))
