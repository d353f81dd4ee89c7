# Edited in templates/venues/cli/call.py; the copy in generated/ is imported.
"""venues call: call an operation and print its result."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import Any

from venues.cli import sign
from venues.cli.main import Usage
from venues.cli.pages import Bar, print_all
from venues.cli.printing import print_line, to_json
from venues.cli.target import arguments_of, check_credentials, client_of, operation_of
from venues.core.request.operation import Operation


def run(options: Namespace) -> None:
    """Print the decoded payload by Python names; with `--json` the undecoded body, with `--all` all items of a list."""
    if options.dry_run:
        sign.run(Namespace(**vars(options), time=None))
        return
    make = client_of(options.api)
    operation = operation_of(options.api, options.operation)
    arguments = arguments_of(operation, options.values)
    bar = Bar(sys.stderr)
    with make(base_url=options.base_url, environment=options.environment, timeout=options.timeout, hooks=bar) as client:
        check_credentials(client, operation)
        _ensure_wanted(options, operation, next(iter(client.PROFILE.servers)))
        if options.all:
            print_all(client, operation, arguments, bar)
            return
        answer = client.call(operation, **arguments)
    # A body in another encoding is shown as well as it can be: it must not hide that the call was executed.
    print_line(answer.body.decode("utf-8", "replace") if options.json else to_json(answer.data))


def _ensure_wanted(options: Namespace, operation: Operation[Any], production: str) -> None:
    """Ask before something is done with real money that can't be undone by doing it again.

    Raises:
        Usage: if the answer is no, or if nobody can be asked.
    """
    is_real = options.base_url is None and options.environment in (None, production)
    if operation.effect != "once" or options.yes or not is_real:
        return
    what = f"{operation.full_name} acts on a real account at {options.api}"
    if not sys.stdin.isatty():
        raise Usage(f"{what}; pass --yes to send it, or --dry-run to see it")
    sys.stderr.write(f"{what}. Send it? [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise Usage("nothing was sent")
