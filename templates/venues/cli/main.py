"""What the command line understands, and what it says when something goes wrong: one line, never a secret."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from venues.catalog import UnknownApi
from venues.cli.said import masked, one_line
from venues.errors import InvalidRequest, VenueError

DONE, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130
LONGEST = 86400.0
"""Seconds that a call may wait at most."""


class Usage(Exception):
    """The command can't be understood."""


class Parser(ArgumentParser):
    """Says in one line what it does not understand."""

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing the usage."""
        raise Usage(f"{message}; `{self.prog} --help` tells more")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0, or 1 if it failed, or 2 if it was not understood."""
    try:
        options, words = _parser().parse_known_args(arguments)
        _take(options, words)
        import_module(f"venues.cli.{options.command}").run(options)
        sys.stdout.flush()
    except (Usage, InvalidRequest, UnknownApi) as error:
        return _tell(str(error), MISUSED)
    except (VenueError, OSError) as error:
        if isinstance(error, BrokenPipeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return FAILED
        return _tell(str(error), FAILED)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # its text may hold anything, a secret included
        return _tell(f"something unexpected happened ({type(error).__name__})", FAILED)
    return DONE


def _tell(message: str, code: int) -> int:
    sys.stderr.write(f"venues: {one_line(masked(message))}\n")
    return code


def _take(options: Namespace, words: Sequence[str]) -> None:
    """Let name=value stand after options, too."""
    unknown = [word for word in words if word.startswith("-") or not hasattr(options, "values")]
    if unknown:
        raise Usage(f"{unknown[0]!r} is not understood; `venues {options.command} --help` tells more")
    if words:
        options.values = [*options.values, *words]


def _parser() -> Parser:
    parser = Parser(
        prog="venues", description="Call crypto exchanges, look at what would be sent, or play an exchange."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="list | call | sign | mock")
    listing = commands.add_parser("list", help="list the APIs, or the operations of one")
    listing.add_argument("api", nargs="?", help="name of an API")
    call = commands.add_parser("call", help="call an operation and print the answer as JSON")
    _add_operation(call)
    call.add_argument("--timeout", type=_seconds, default=10.0, metavar="S", help="seconds to wait (default: 10)")
    call.add_argument("--json", action="store_true", help="print the body as it came")
    sign = commands.add_parser("sign", help="show what would be sent, secrets masked")
    _add_operation(sign)
    sign.add_argument("--time", type=int, metavar="MS", help="milliseconds since 1970 (default: now)")
    mock = commands.add_parser("mock", help="play an exchange on this machine")
    mock.add_argument("api", help="name of an API")
    mock.add_argument("--port", type=int, default=8080, help="port to listen on (default: 8080; 0 for any)")
    mock.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    mock.add_argument("--any-symbol", action="store_true", help="offer every pair, not only the well-known ones")
    return parser


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < LONGEST:
        raise ArgumentTypeError(f"{text!r} is no number of seconds to wait")
    return seconds


def _add_operation(command: ArgumentParser) -> None:
    command.description = "Credentials are read from the environment: <API>_<CREDENTIAL>, as `venues mock` prints them."
    command.add_argument("api", help="name of an API")
    command.add_argument("operation", help="group and name, as `venues list <api>` prints them")
    command.add_argument(
        "values", nargs="*", default=[], metavar="name=value", help="parameters; lists and objects as JSON"
    )
    command.add_argument("--base-url", metavar="URL", help="another address, such as that of a mock exchange")
    command.add_argument("--environment", metavar="NAME", help="one of the API's environments")
