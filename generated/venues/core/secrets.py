"""Text that must not be seen."""

from __future__ import annotations

from typing import NoReturn

MASK = "***"


class Secret:
    """A credential: it prints as ***, and refuses to be pickled."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        if not isinstance(value, str):
            raise TypeError(f"a credential must be a str, not {type(value).__name__}")
        self._value = value

    def reveal(self) -> str:
        """Return the text itself."""
        return self._value

    def __repr__(self) -> str:
        return MASK

    def __reduce__(self) -> NoReturn:
        raise TypeError("credentials can't be pickled; give them to each process by its environment")

    __str__ = __repr__
