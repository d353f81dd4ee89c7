# Edited in templates/venues/catalog.py; the copy in generated/ is imported.
"""Lists the APIs in this package, and reads their specifications."""

from __future__ import annotations

from difflib import get_close_matches
from importlib.resources import files

DECLARATIONS = "mock.json"
"""Every API's folder has this file, the specification as data; other folders of the package do not."""


class UnknownApi(ValueError):
    """No API has this name."""


def apis() -> tuple[str, ...]:
    """Return the names of all APIs, in alphabetical order."""
    # `files` also works where the package is imported from a zip file, which `Path(__file__)` does not.
    folders = files("venues").iterdir()
    return tuple(sorted(f.name for f in folders if f.is_dir() and f.joinpath(DECLARATIONS).is_file()))


def declarations(api: str) -> bytes:
    """Return an API's specification as JSON.

    Raises:
        UnknownApi: if no API has this name; the message suggests the nearest one.
    """
    known = apis()
    if api not in known:
        near = get_close_matches(api, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
        raise UnknownApi(f"no API {api!r}; {hint}")
    return files("venues").joinpath(api, DECLARATIONS).read_bytes()
