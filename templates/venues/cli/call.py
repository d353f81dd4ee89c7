# Edited in templates/venues/cli/call.py; the copy in generated/ is imported.
"""venues call: call an operation and print its result."""

from __future__ import annotations

from argparse import Namespace

from venues.cli.printing import print_line, to_json
from venues.cli.target import arguments_of, check_credentials, client_of, operation_of


def run(options: Namespace) -> None:
    """Print the decoded payload by Python names or, with `--json`, the undecoded body."""
    make = client_of(options.api)
    operation = operation_of(options.api, options.operation)
    arguments = arguments_of(operation, options.values)
    with make(base_url=options.base_url, environment=options.environment, timeout=options.timeout) as client:
        check_credentials(client, operation)
        answer = client.call(operation, **arguments)
    # A body in another encoding is shown as well as it can be: it must not hide that the call was executed.
    print_line(answer.body.decode("utf-8", "replace") if options.json else to_json(answer.data))
