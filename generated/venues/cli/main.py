# Edited in templates/venues/cli/main.py; the copy in generated/ is imported.
"""Parses the command line, and reports errors: in one line, and never with a secret."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from venues import __version__
from venues.catalog import UnknownApi
from venues.cli.printing import mask, one_line
from venues.errors import InvalidRequest, VenueError

DONE, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130
"""Exit codes; 130 is what shells report of a program that Ctrl-C ended."""
LONGEST = 86400.0
"""Longest `--timeout`, in seconds: a day. Sockets overflow on much larger ones, and nobody waits that long."""


class Usage(Exception):
    """The command line is not valid; the message says why."""


class Parser(ArgumentParser):
    """Reports mistakes in one line."""

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing the usage."""
        raise Usage(f"{message}; `{self.prog} --help` shows what is allowed")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0, 1 if it failed, 2 if the command line was not valid, or 130 after Ctrl-C."""
    try:
        options, words = _parser().parse_known_args(arguments)
        _add_values(options, words)
        import_module(f"venues.cli.{options.command}").run(options)
        sys.stdout.flush()
    except (Usage, InvalidRequest, UnknownApi) as error:
        return _report(str(error), MISUSED)
    except (VenueError, OSError) as error:
        if isinstance(error, BrokenPipeError):
            # The reader of our pipe has gone, as `head` does. Python flushes stdout once more at exit and would
            # print a traceback, so stdout now leads nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return FAILED
        return _report(str(error), FAILED)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # its message may hold anything, a secret included
        return _report(f"unexpected error ({type(error).__name__})", FAILED)
    return DONE


def _report(message: str, code: int) -> int:
    sys.stderr.write(f"venues: {one_line(mask(message))}\n")
    return code


def _add_values(options: Namespace, words: Sequence[str]) -> None:
    """Accept name=value after options, too: argparse fills `nargs="*"` from the first run of words only."""
    unknown = [word for word in words if word.startswith("-") or not hasattr(options, "values")]
    if unknown:
        raise Usage(f"{unknown[0]!r} is not understood; `venues {options.command} --help` shows what is allowed")
    if words:
        options.values = [*options.values, *words]


def _parser() -> Parser:
    parser = Parser(
        prog="venues", description="Call crypto exchanges, show the signed request of a call, or run a mock exchange."
    )
    parser.add_argument("--version", action="version", version=f"venues {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="list | call | sign | mock")
    listing = commands.add_parser("list", help="list the APIs, or the operations of one")
    listing.add_argument("api", nargs="?", help="name of an API")
    call = commands.add_parser("call", help="call an operation and print its result as JSON")
    _add_operation(call)
    call.add_argument(
        "--timeout", type=_seconds, default=10.0, metavar="S", help="seconds to wait for the exchange (default: 10)"
    )
    call.add_argument("--yes", action="store_true", help="don't ask before an order, a loan or a transfer is sent")
    call.add_argument(
        "--dry-run", action="store_true", help="print what would be sent, secrets masked, and send nothing"
    )
    form = call.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print the undecoded response body")
    form.add_argument("--all", action="store_true", help="read all pages of a list; print each item as a line of JSON")
    sign = commands.add_parser("sign", help="print the signed request without sending it, secrets masked")
    _add_operation(sign)
    sign.add_argument(
        "--time", type=int, metavar="MS", help="timestamp to sign, in milliseconds since 1970 (default: now)"
    )
    mock = commands.add_parser("mock", help="run a mock exchange on this machine")
    mock.add_argument("api", help="name of an API")
    mock.add_argument("--port", type=int, default=8080, help="port to listen on (default: 8080; 0 for any)")
    mock.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    mock.add_argument("--any-symbol", action="store_true", help="accept any symbol, not only common ones")
    mock.add_argument(
        "--market",
        action="append",
        default=[],
        metavar="SYMBOL=PRICE",
        help="open a market; orders live then (repeatable)",
    )
    mock.add_argument("--walk", action="store_true", help="let the markets move by themselves, once a second")
    mock.add_argument(
        "--seed", type=int, default=0, help="of the walk; the same seed makes the same steps (default: 0)"
    )
    mock.add_argument("--state", metavar="FILE", help="keep orders and prices in a file, over a restart")
    return parser


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    # Also false for nan, which `float` reads and every comparison with which is false.
    if not 0 < seconds < LONGEST:
        raise ArgumentTypeError(f"{text!r} is not a number of seconds to wait")
    return seconds


def _add_operation(command: ArgumentParser) -> None:
    command.description = (
        "Credentials come from environment variables <API>_<CREDENTIAL>, as `venues mock` prints them."
    )
    command.add_argument("api", help="name of an API")
    command.add_argument("operation", help="group.name, as `venues list <api>` prints it")
    command.add_argument(
        "values", nargs="*", default=[], metavar="name=value", help="parameters; lists and objects as JSON"
    )
    command.add_argument("--base-url", metavar="URL", help="address to call instead, such as a mock exchange's")
    command.add_argument("--environment", metavar="NAME", help="one of the API's environments")
