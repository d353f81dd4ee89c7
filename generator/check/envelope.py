"""Finds contradictions in where an answer has its code, message and data."""

from __future__ import annotations

from generator.ground.problems import suggest
from generator.model.api import Api
from generator.source import reading as read
from generator.source.load import Map, Source
from generator.source.reading import Notes


def check_envelope(source: Source, api: Api, notes: Notes) -> None:
    """Note what no answer could be read by, or what the mock exchange could not answer with."""
    at = read.mapping(source.files["api.yaml"], "envelope")
    _check_example(at, api, notes)
    _check_members(at, api, notes)
    _check_success_codes(source.files.get("errors.yaml", read.EMPTY), api, notes)


def _check_example(at: Map, api: Api, notes: Notes) -> None:
    example = api.envelope.example
    if example and api.envelope.code not in example:
        what = f"has no `{api.envelope.code}`, the member that `code` names{suggest(api.envelope.code, example)}"
        notes.add(at, "example", "envelope.example", what)
    code = example.get(api.envelope.code)
    # The mock exchange answers with this example; an error code in it would make every call fail.
    if code is not None and str(code) not in api.envelope.success:
        what = f"has the code {code}, which `success` does not list"
        notes.add(at, "example", "envelope.example", what)
    time = api.envelope.time
    # Times elsewhere are integers, too; the mock exchange writes one in place of the example's.
    if time is not None and not isinstance(example.get(time), int):
        what = f"`{time}` is no integer in `example`, so it can't be a time in milliseconds"
        notes.add(at, "time", "envelope.time", what)


def _check_members(at: Map, api: Api, notes: Notes) -> None:
    """Report members of the envelope that no answer can have: they are outermost names, no paths."""
    envelope = api.envelope
    for key, names in (("code", [envelope.code]), ("message", envelope.message), ("data", [envelope.data or ""])):
        for name in names:
            if "." in name or "[" in name:
                notes.add(at, key, f"envelope.{key}", f"`{name}` is a path and never matches; name an outermost member")
    if envelope.data in (envelope.code, *envelope.message):
        notes.add(at, "data", "envelope.data", f"`{envelope.data}` can't hold the data and the code or message, too")


def _check_success_codes(at: Map, api: Api, notes: Notes) -> None:
    for entry in read.maps(at, "codes"):
        if str(entry["code"]) in api.envelope.success and entry["kind"] != "Success":
            what = "is listed in `envelope.success` of api.yaml, so this error would pass as success"
            notes.add(entry, "code", f"codes.{entry['code']}", what)
