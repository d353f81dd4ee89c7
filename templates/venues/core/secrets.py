"""Text that must not be seen."""

from __future__ import annotations

from typing import NoReturn

from venues.errors import InvalidRequest

MASK = "***"
PEM = "-----BEGIN"
"""How keys begin that have several lines."""


class Secret:
    """A credential: it prints as ***, and refuses to be pickled."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the text itself."""
        return self._value

    def __repr__(self) -> str:
        return MASK

    def __reduce__(self) -> NoReturn:
        raise TypeError("credentials can't be pickled; give them to each process by its environment")

    __str__ = __repr__


def credential(name: str, value: str) -> Secret:
    """Take in a credential.

    Raises:
        InvalidRequest: if it holds what no header carries, as a line break that a file ended with; never shows it.
    """
    if not isinstance(value, str):
        raise InvalidRequest(f"{name} is a {type(value).__name__}; pass a str")
    if not value.isascii() or (not value.lstrip().startswith(PEM) and not _fits_header(value)):
        raise InvalidRequest(f"{name} holds a line break, a blank at an end, or a character that is not ASCII")
    return Secret(value)


def _fits_header(value: str) -> bool:
    return value.isprintable() and value == value.strip()
