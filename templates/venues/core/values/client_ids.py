# Edited in templates/venues/core/values/client_ids.py; the copy in generated/ is imported.
"""Client order ids: sortable by time, and unique."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from threading import Lock

from venues.errors import InvalidRequest

ALPHABETS = ("0123456789abcdefghijklmnopqrstuv", "0123456789ABCDEFGHIJKLMNOPQRSTUV", "0123456789")
"""In the order of ASCII, so that ids sort as their numbers do; one case only, for exchanges that change the case."""
RANDOM_BITS = 60
"""A million ids made in the same microsecond, by as many processes, hold two alike once in two million tries."""
FEWEST_BITS = 40
"""What of them is kept where ids are short."""
TIME_BITS = 55
"""Microseconds since 1970 have as many digits until the year 3111."""


@dataclass(frozen=True)
class ClientIdForm:
    """The form of client order ids that an exchange accepts."""

    max_length: int | None = None
    patterns: tuple[str, ...] = ()
    """Regular expressions, all of which the whole id must match."""

    def accepts(self, text: str) -> bool:
        """Whether an id has this form."""
        if self.max_length is not None and len(text) > self.max_length:
            return False
        return all(fits(text) for fits in self._fits)

    @cached_property
    def _fits(self) -> tuple[Callable[[str], object], ...]:
        return tuple(re.compile(pattern).fullmatch for pattern in self.patterns)


class _Clock:
    """Microseconds that only grow, also where the machine's clock is set back."""

    def __init__(self) -> None:
        self._last = 0
        self._lock = Lock()

    def __call__(self) -> int:
        with self._lock:
            self._last = max(self._last + 1, time.time_ns() // 1000)
            return self._last

    def renew_lock(self) -> None:
        """Another thread may have held the lock when the process was forked; in the child none would release it."""
        self._lock = Lock()


_now = _Clock()
if hasattr(os, "register_at_fork"):  # Windows has no fork
    os.register_at_fork(after_in_child=_now.renew_lock)


def new_client_id(form: ClientIdForm, prefix: str = "") -> str:
    """Return an id that no other call returns, in this process or another.

    With the same prefix and form, a later id of the same process is greater as a string.

    Args:
        form: What the exchange takes.
        prefix: How it begins.

    Raises:
        InvalidRequest: if the exchange takes no such id: the prefix is too long, or has other characters.
    """
    for candidate in _candidates(form.max_length, prefix):
        if form.accepts(candidate):
            return candidate
    raise InvalidRequest(
        f"no client id that begins with {prefix!r} has the form that the exchange takes: {_words(form)}"
    )


def _candidates(max_length: int | None, prefix: str) -> Iterator[str]:
    """Yield an id in each alphabet that leaves enough room for randomness."""
    for alphabet in ALPHABETS:
        stamp = _stamp(_now(), _width(TIME_BITS, alphabet), alphabet)
        width = _width(RANDOM_BITS, alphabet)
        if max_length is not None:
            width = min(width, max_length - len(prefix) - len(stamp))
        if width >= _width(FEWEST_BITS, alphabet):
            yield prefix + stamp + os.urandom(width).translate(_letters(alphabet)).decode()


@cache
def _letters(alphabet: str) -> bytes:
    """Return the digit that each byte stands for; of ten digits some are a little more frequent than others."""
    return bytes(ord(alphabet[byte % len(alphabet)]) for byte in range(256))


@cache
def _width(bits: int, alphabet: str) -> int:
    """Return how many digits hold so many bits."""
    return next(width for width in range(1, bits + 1) if len(alphabet) ** width >= 2**bits)


def _stamp(number: int, width: int, alphabet: str) -> str:
    """Print the last digits of a number; all but the last six of a time stay the same from one id to the next."""
    pairs, base = _pairs(alphabet), len(alphabet) ** 2
    early, late = divmod(number, base**3)
    first, last = divmod(late, base)
    return f"{_digits(early, width - 6, alphabet)}{pairs[first // base]}{pairs[first % base]}{pairs[last]}"


@lru_cache(maxsize=8)
def _digits(number: int, width: int, alphabet: str) -> str:
    """Print the last digits of a number, two at a time."""
    pairs, base = _pairs(alphabet), len(alphabet) ** 2
    return "".join([pairs[number // power % base] for power in _powers((width + 1) // 2, base)])[-width:]


@cache
def _pairs(alphabet: str) -> tuple[str, ...]:
    """Return all texts of two digits."""
    return tuple(f"{first}{second}" for first in alphabet for second in alphabet)


@cache
def _powers(width: int, base: int) -> tuple[int, ...]:
    """Return what each digit counts for, from the first."""
    return tuple(base**place for place in reversed(range(width)))


def _words(form: ClientIdForm) -> str:
    length = [f"at most {form.max_length} characters"] if form.max_length else []
    return ", ".join([*length, *form.patterns]) or "any"
