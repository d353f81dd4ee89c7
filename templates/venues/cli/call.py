# Edited in templates/venues/cli/call.py; the copy in generated/ is imported.
"""venues call: call an operation and print its result."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterable
from typing import Any

from venues.cli import sign
from venues.cli.pages import Bar, all_items
from venues.cli.printing import json_value, print_line, to_json
from venues.cli.tables import print_csv, print_table
from venues.cli.target import arguments_of, check_credentials, client_of, operation_of
from venues.cli.usage import Usage
from venues.core.request.operation import Operation


def run(options: Namespace) -> None:
    """Print the decoded payload by Python names; with `--json` the undecoded body, with `--all` all items of a list.

    `--table` and `--csv` print columns.
    """
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
            _print_all(options, all_items(client, operation, arguments), bar)
            return
        answer = client.call(operation, **arguments)
    if options.json:
        # A body in another encoding is shown as well as it can be: it must not hide that the call was executed.
        print_line(answer.body.decode("utf-8", "replace"))
    elif options.table or options.csv:
        (print_table if options.table else print_csv)(answer.data)
    else:
        print_line(to_json(answer.data))


def _print_all(options: Namespace, items: Iterable[object], bar: Bar) -> None:
    """Print all items of a list: lines of JSON as soon as they are read; a table when all are, for its widths."""
    try:
        if options.table or options.csv:
            found = list(items)
            bar.clear()
            (print_table if options.table else print_csv)(found)
            return
        for item in items:
            bar.clear()
            print_line(json.dumps(json_value(item), ensure_ascii=False))
    finally:
        bar.clear()


def _ensure_wanted(options: Namespace, operation: Operation[Any], production: str) -> None:
    """Ask before something is done with real money that can't be undone by doing it again.

    Raises:
        Usage: if the answer is no, or if there is no terminal to ask at.
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
