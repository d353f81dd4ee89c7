"""Which APIs this package holds."""

from __future__ import annotations

from difflib import get_close_matches
from importlib.resources import files

DECLARATIONS = "mock.json"
"""What each API's folder has: its specification as data."""


class UnknownApi(ValueError):
    """There is no API of that name."""


def apis() -> tuple[str, ...]:
    """Return the names of all APIs, in order."""
    folders = files("venues").iterdir()
    return tuple(sorted(f.name for f in folders if f.is_dir() and f.joinpath(DECLARATIONS).is_file()))


def declarations(api: str) -> bytes:
    """Return an API's specification as JSON.

    Raises:
        UnknownApi: if there is none of that name; says which was meant.
    """
    known = apis()
    if api not in known:
        near = get_close_matches(api, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
        raise UnknownApi(f"no API {api!r}; {hint}")
    return files("venues").joinpath(api, DECLARATIONS).read_bytes()
