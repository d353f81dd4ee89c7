# Edited in templates/venues/cli/parser.py; the copy in generated/ is imported.
"""What may stand on the command line."""

from __future__ import annotations

from argparse import Action, ArgumentParser, ArgumentTypeError, Namespace
from typing import Any, NoReturn

from venues import __version__
from venues.cli.usage import Usage

LONGEST = 86400.0
"""Longest `--timeout`, in seconds: a day. Sockets overflow on much larger ones."""
COMMANDS = {
    "list": "list the APIs, the operations of one, or those with a text",
    "call": "call an operation and print its result as JSON",
    "sign": "print the signed request without sending it, secrets masked",
    "download": "read all pages of a list into a file; go on where an earlier run stopped",
    "stream": "print the pushes of a channel, a line of JSON each, until Ctrl-C",
    "book": "show the order book of a symbol, kept up to date, until Ctrl-C",
    "mock": "run a mock exchange on this machine",
    "completion": "print what makes bash, zsh or fish complete these commands",
}


class Parser(ArgumentParser):
    """Reports mistakes in one line."""

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing the usage."""
        raise Usage(f"{message}; `{self.prog} --help` shows what is allowed")


class OperationHelp(Action):
    """`--help`: of the operation, where one is named before it, otherwise of the command."""

    def __init__(self, option_strings: list[str], dest: str, **_: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, help="show this help, or, after an operation, what it takes")

    def __call__(
        self, parser: ArgumentParser, namespace: Namespace, values: Any, option_string: str | None = None
    ) -> None:
        """Print help, and end."""
        if getattr(namespace, "operation", None) is None:
            parser.print_help()
        else:
            from venues.cli.explain import print_operation

            print_operation(parser.prog.split()[-1], namespace.api, namespace.operation)
        parser.exit()


def make_parser() -> Parser:
    """Return what reads a command line."""
    parser = Parser(
        prog="venues",
        description="Call crypto exchanges, watch their streams, download lists, or run a mock exchange.",
    )
    parser.add_argument("--version", action="version", version=f"venues {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar=" | ".join(COMMANDS))
    each = {}
    for name, text in COMMANDS.items():
        explains = name in ("call", "sign", "download")
        each[name] = commands.add_parser(name, help=text, add_help=not explains)
        if explains:
            each[name].add_argument("-h", "--help", action=OperationHelp)
    _add_list(each["list"])
    _add_call(each["call"])
    _add_sign(each["sign"])
    _add_download(each["download"])
    _add_stream(each["stream"])
    _add_book(each["book"])
    _add_mock(each["mock"])
    each["completion"].add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell")
    return parser


def _add_list(command: ArgumentParser) -> None:
    command.add_argument("api", nargs="?", help="name of an API")
    command.add_argument(
        "--filter",
        metavar="TEXT",
        help="list only operations with this text, in any case; of all APIs, if none is named",
    )


def _add_call(command: ArgumentParser) -> None:
    _add_operation(command)
    _add_timeout(command)
    command.add_argument("--yes", action="store_true", help="don't ask before an order, a loan or a transfer is sent")
    command.add_argument(
        "--dry-run", action="store_true", help="print what would be sent, secrets masked, and send nothing"
    )
    command.add_argument(
        "--all", action="store_true", help="read all pages of a list; print each item as a line of JSON"
    )
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print the undecoded response body")
    form.add_argument("--table", action="store_true", help="print a table, a line for each item of a list")
    form.add_argument("--csv", action="store_true", help="print CSV, a line for each item of a list")


def _add_sign(command: ArgumentParser) -> None:
    _add_operation(command)
    command.add_argument(
        "--time", type=int, metavar="MS", help="timestamp to sign, in milliseconds since 1970 (default: now)"
    )


def _add_download(command: ArgumentParser) -> None:
    _add_operation(command)
    _add_timeout(command)
    command.add_argument("--out", required=True, metavar="FILE", help="where to write: *.csv, or *.jsonl")


def _add_stream(command: ArgumentParser) -> None:
    command.description = "Credentials come from environment variables, as for `venues call`."
    command.add_argument("api", help="name of an API")
    command.add_argument("channel", nargs="?", help="name of a channel; without it, all are listed")
    _add_values(command)
    _add_target(command)
    _add_timeout(command)
    _add_count(command, "pushes")


def _add_book(command: ArgumentParser) -> None:
    command.add_argument("api", help="name of an API")
    command.add_argument("symbol", help="symbol in the exchange's spelling, or a pair such as BTC/USDT")
    command.add_argument("--depth", type=int, default=10, metavar="N", help="levels of each side (default: 10)")
    _add_target(command)
    _add_timeout(command)
    _add_count(command, "changes")


def _add_mock(command: ArgumentParser) -> None:
    command.add_argument("api", help="name of an API")
    command.add_argument("--port", type=int, default=8080, help="port to listen on (default: 8080; 0 for any)")
    command.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    command.add_argument("--any-symbol", action="store_true", help="accept any symbol, not only common ones")
    markets = "open a market; orders live then (repeatable)"
    command.add_argument("--market", action="append", default=[], metavar="SYMBOL=PRICE", help=markets)
    command.add_argument("--walk", action="store_true", help="let the markets move by themselves, once a second")
    command.add_argument(
        "--seed", type=int, default=0, help="of the walk; the same seed makes the same steps (default: 0)"
    )
    command.add_argument("--state", metavar="FILE", help="keep orders and prices in a file, over a restart")


def _add_operation(command: ArgumentParser) -> None:
    command.description = (
        "Credentials come from environment variables <API>_<CREDENTIAL>, as `venues mock` prints them."
    )
    command.add_argument("api", help="name of an API")
    command.add_argument("operation", help="group.name, as `venues list <api>` prints it")
    _add_values(command)
    _add_target(command)


def _add_values(command: ArgumentParser) -> None:
    command.add_argument(
        "values", nargs="*", default=[], metavar="name=value", help="parameters; lists and objects as JSON"
    )


def _add_target(command: ArgumentParser) -> None:
    command.add_argument("--base-url", metavar="URL", help="address to call instead, such as a mock exchange's")
    command.add_argument("--environment", metavar="NAME", help="one of the API's environments")


def _add_timeout(command: ArgumentParser) -> None:
    command.add_argument(
        "--timeout", type=_seconds, default=10.0, metavar="S", help="seconds to wait for the exchange (default: 10)"
    )


def _add_count(command: ArgumentParser, what: str) -> None:
    command.add_argument("--count", type=_count, metavar="N", help=f"end after so many {what}")


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise ArgumentTypeError(f"{text!r} is not a number of 1 or more")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    # Also false for nan, which `float` reads and every comparison with which is false.
    if not 0 < seconds < LONGEST:
        raise ArgumentTypeError(f"{text!r} is not a number of seconds to wait")
    return seconds
