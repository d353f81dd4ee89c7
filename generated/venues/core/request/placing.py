# Edited in templates/venues/core/request/placing.py; the copy in generated/ is imported.
"""Where parameters go in a request."""

from __future__ import annotations

from typing import Literal

from venues.core.request.params import Param
from venues.core.request.wire import Repeated, RequestDraft, percent, text_of
from venues.errors import InvalidRequest

Constants = tuple[tuple[str, object, Literal["query", "body", "header", "text"] | None], ...]
"""Wire name, value, and where it goes if not where parameters go; `text`: it is only signed."""


def place_constants(draft: RequestDraft, constants: Constants) -> None:
    """Put what every call of an operation sends before its parameters."""
    for name, value, where in constants:
        if where is None:
            draft.add(name, value)
            draft.led += 1
        elif where == "header":
            draft.headers[name] = text_of(value)
        elif where != "text":
            (draft.query if where == "query" else draft.body)[name] = value
    draft.constants = {name: text_of(value) for name, value, _ in constants}


def place(draft: RequestDraft, param: Param, written: object) -> None:
    """Put one parameter where it goes."""
    value = Repeated(written) if param.write == "repeat" and isinstance(written, list) else written
    if param.place is None:
        draft.add(param.wire, value)
    elif param.place == "query":
        draft.query[param.wire] = value
    elif param.place == "body":
        draft.body[param.wire] = value
    elif param.place == "header":
        draft.headers[param.wire] = _in_header(text_of(value), param.name)
    else:
        draft.path = draft.path.replace(f"{{{param.wire}}}", _in_path(text_of(value), param.name))


def _in_header(text: str, name: str) -> str:
    # A line break would end the header and begin another one.
    if not text.isascii() or not text.isprintable():
        raise InvalidRequest(f"{name} is sent in a header, which takes printable ASCII only")
    return text


def _in_path(text: str, name: str) -> str:
    if text in ("", ".", ".."):
        raise InvalidRequest(f"{name} is {text!r}, which would lead to another path")
    return percent(text)
