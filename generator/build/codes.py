"""Builds what an API's codes and HTTP statuses mean."""

from __future__ import annotations

from msgspec.structs import replace

from generator.model.codes import ErrorCode, ErrorMessage
from generator.source import reading as read
from generator.source.load import Map
from generator.source.reading import Notes


def codes(at: Map, key: str, notes: Notes) -> tuple[ErrorCode, ...]:
    """Return the codes listed at a key of errors.yaml."""
    # Most exchanges refuse with HTTP 400; those that refuse with 200 say so once, in `default_http`.
    usual = read.integer(at, "default_http") or 400
    found: dict[str, ErrorCode] = {}
    notes.check_unique(read.maps(at, key), "code", key)
    for entry in read.maps(at, key):
        code = str(entry["code"])
        http = read.integer(entry, "http") or usual
        unknown = entry.get("outcome") == "unknown"
        found[code] = ErrorCode(
            code, str(entry["kind"]), read.text(entry, "message"), unknown, http, read.quirks(entry)
        )
    return tuple(found.values())


def with_messages(errors: tuple[ErrorCode, ...], at: Map, notes: Notes) -> tuple[ErrorCode, ...]:
    """Give each code what it means with certain messages."""
    found: dict[str, list[ErrorMessage]] = {}
    known = {error.code for error in errors}
    for entry in read.maps(at, "messages"):
        one = ErrorMessage(
            str(entry["says"]), str(entry["kind"]), read.text(entry, "message"), entry.get("outcome") == "unknown"
        )
        for code in read.texts(entry, "codes"):
            notes.check_known(entry, "codes", "messages", code, known, "code")
            hidden = next((other.part for other in found.get(code, ()) if other.part.lower() in one.says.lower()), None)
            if hidden is not None:
                what = f"never fits with {code}, because `{hidden}` stands before it and is a part of it"
                notes.add(entry, "says", "messages", what)
            found.setdefault(code, []).append(one)
    return tuple(replace(error, messages=tuple(found.get(error.code, ()))) for error in errors)


def statuses(at: Map, notes: Notes) -> tuple[ErrorCode, ...]:
    """Return what HTTP statuses mean when no code comes with them."""
    notes.check_unique(read.maps(at, "http"), "status", "http")
    return tuple(
        ErrorCode(
            str(s["status"]),
            str(s["kind"]),
            read.text(s, "message"),
            s.get("outcome") == "unknown",
            read.integer(s, "status") or 0,
        )
        for s in read.maps(at, "http")
    )
