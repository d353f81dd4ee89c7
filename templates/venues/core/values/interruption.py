# Edited in templates/venues/core/values/interruption.py; the copy in generated/ is imported.
"""Distinguishes what a program raised in the middle of a call from what a library raised on its own.

A time limit that a signal handler enforces (as Celery's) can raise in any line of any library, also a `TimeoutError` or
an `OSError`, which is what libraries raise themselves when a connection fails. It must neither be taken for that nor be
swallowed, because the program that set the limit waits for it.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from types import TracebackType

from venues.errors import VenueError

LIBRARIES = frozenset(
    {"aiohappyeyeballs", "aiohttp", "aiosignal", "builtins", "frozenlist", "idna", "msgspec", "multidict", "propcache"}
    | {"pyreqwest", "urllib3", "uvloop", "venues", "yarl"}
)
"""Where failures of the way to an exchange are raised, beside Python itself."""
DEEPEST = 50
"""How long a chain of causes is followed; a longer one is a circle."""


def origin(error: BaseException, handled: BaseException | None) -> BaseException:
    """Return what an exception began with.

    Args:
        error: What was raised.
        handled: What was being handled when the work began: it is older, and caused nothing.
    """
    *_, first = _chain(error, handled)
    return first


def _chain(error: BaseException, handled: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception, what it followed from, and so on."""
    yield error
    for _ in range(DEEPEST):
        before = error.__cause__ or error.__context__
        # Python links an exception to what was being handled, also if that was long before the call.
        if before is None or before is handled:
            return
        error = before
        yield error


def is_of_program(error: BaseException) -> bool:
    """Whether an exception comes from outside the libraries that serve a call.

    A handler of a signal raises in a frame of its own. Another thread can raise in any frame (Python has a function for
    that, which time limits of threads use), but then it is an exception that no library has.
    """
    module = type(error).__module__
    for trace in _traces(error.__traceback__):
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
    return not (_serves(module) and _serves(type(error).__module__))


def _serves(module: str) -> bool:
    """Whether a module is one of those that serve a call."""
    room = module.partition(".")[0]
    return room in LIBRARIES or room in sys.stdlib_module_names


def raised_by_program(error: BaseException, handled: BaseException | None) -> BaseException | None:
    """Return, bare, what the program raised while a library was at work; None if the library failed on its own.

    Args:
        error: What came out of the library, which may wrap what was raised in one of its hooks.
        handled: As for `origin`.
    """
    # Not only the first: the module `enum` puts an error of its own before what is raised in one of its hooks.
    stop = next(filter(is_of_program, _chain(error, handled)), None)
    return None if stop is None else bare(stop, handled)


def ensure_own(failure: Exception) -> None:
    """Return if a failure was our own; call it after the `except` block, where only older exceptions are being handled.

    Raises:
        BaseException: what the program raised in the middle, as a time limit does.
    """
    stop = raised_by_program(failure, sys.exception())
    if stop is not None:
        raise stop
    # A frame that keeps the failure is itself part of its traceback: a cycle, which would keep the answer in memory.
    failure.__traceback__ = None


def passed_through(error: BaseException, handled: BaseException | None) -> BaseException | None:
    """Return, bare, what only passed through a transport; None where sending failed.

    That is an interruption, an error of ours, and what the program raised in the middle.

    Args:
        error: What came out of the library.
        handled: As for `origin`.
    """
    if not isinstance(error, Exception) or isinstance(error, VenueError):
        return bare(error, handled)
    first = origin(error, handled)
    return bare(first, handled) if is_of_program(first) else None


def is_of_handler(error: BaseException) -> bool:
    """Whether an exception passed through a handler of a signal; for code of others, whose modules are unknown."""
    handlers = [signal.getsignal(number) for number in signal.valid_signals()]
    codes = {getattr(handler, "__code__", None) for handler in handlers}
    return any(trace.tb_frame.f_code in codes for trace in _traces(error.__traceback__))


def bare(error: BaseException, handled: BaseException | None) -> BaseException:
    """Return an exception without the frames that it passed, and without what libraries were at.

    Those frames hold a request with its key and signature, and tools that print tracebacks print their variables.
    """
    error.__context__ = handled
    return error.with_traceback(None)


def _traces(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace is not None:
        yield trace
        trace = trace.tb_next
