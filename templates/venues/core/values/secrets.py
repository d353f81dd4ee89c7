# Edited in templates/venues/core/values/secrets.py; the copy in generated/ is imported.
"""Text that must not be seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from venues.errors import InvalidRequest

MASK = "***"
PEM = "-----BEGIN"
"""How keys of several lines begin; they are never sent, so that line breaks in them do no harm."""
SHORTEST = 4
"""Secrets shorter than this are not masked in answers: their text would be found everywhere."""


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


def seal(**given: str | None) -> dict[str, Secret]:
    """Return the credentials that are given, as secrets; an empty string counts as none, as in the environment."""
    return {name: Secret(value) for name, value in given.items() if value not in (None, "")}


def check_credentials(given: Mapping[str, Secret]) -> dict[str, Secret]:
    """Return the credentials, if all of them can be sent.

    Raises:
        InvalidRequest: if one holds what no header can carry, such as the line break at the end of a file.
            The message never shows it.
    """
    for name, secret in given.items():
        if not isinstance(secret.reveal(), str):
            raise InvalidRequest(f"{name} is of type {type(secret.reveal()).__name__}; pass a str")
        if not _fits_header(secret.reveal()):
            raise InvalidRequest(f"{name} holds a line break, a blank at an end, or a character that is not ASCII")
    return dict(given)


def check_header(name: str, value: str | None) -> str | None:
    """Return an option that is sent as a header; an empty one counts as not given.

    Raises:
        InvalidRequest: if no header can carry it.
    """
    if not value:
        return None
    if isinstance(value, str) and value.isascii() and value.isprintable() and value == value.strip():
        return value
    raise InvalidRequest(f"{name} is {value!r}; pass printable ASCII without blanks at the ends")


def _fits_header(value: str) -> bool:
    pem = value.lstrip().startswith(PEM)
    return value.isascii() and (pem or (value.isprintable() and value == value.strip()))
