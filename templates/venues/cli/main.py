# Edited in templates/venues/cli/main.py; the copy in generated/ is imported.
"""Runs a command, and reports errors: in one line, and never with a secret."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from importlib import import_module

from venues.catalog import UnknownApi
from venues.cli.parser import make_parser
from venues.cli.printing import mask, one_line
from venues.cli.usage import Usage
from venues.errors import InvalidRequest, VenueError

__all__ = ["Usage", "main"]
DONE, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130
"""Exit codes; 130 is what shells report of a program that Ctrl-C ended."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0, 1 if it failed, 2 if the command line was not valid, or 130 after Ctrl-C."""
    try:
        _run([*(sys.argv[1:] if arguments is None else arguments)])
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


def _run(arguments: list[str]) -> None:
    if arguments[:2] == ["complete", "--"]:
        # Asked by the shell's completion only; argparse would list it among the commands in each complaint.
        import_module("venues.cli.complete").run(arguments[2:])
        return
    options, words = make_parser().parse_known_args(arguments)
    _add_values(options, words)
    import_module(f"venues.cli.{options.command}").run(options)


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
