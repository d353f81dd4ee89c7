# Edited in templates/venues/cli/call.py; the copy in generated/ is imported.
"""venues call: call an operation and print its result."""

from __future__ import annotations

import sys
from argparse import Namespace

from venues.cli.pages import Bar, print_all
from venues.cli.printing import print_line, to_json
from venues.cli.target import arguments_of, check_credentials, client_of, operation_of


def run(options: Namespace) -> None:
    """Print the decoded payload by Python names; with `--json` the undecoded body, with `--all` all items of a list."""
    make = client_of(options.api)
    operation = operation_of(options.api, options.operation)
    arguments = arguments_of(operation, options.values)
    bar = Bar(sys.stderr)
    with make(base_url=options.base_url, environment=options.environment, timeout=options.timeout, hooks=bar) as client:
        check_credentials(client, operation)
        if options.all:
            print_all(client, operation, arguments, bar)
            return
        answer = client.call(operation, **arguments)
    # A body in another encoding is shown as well as it can be: it must not hide that the call was executed.
    print_line(answer.body.decode("utf-8", "replace") if options.json else to_json(answer.data))
