# Edited in templates/venues/cli/download.py; the copy in generated/ is imported.
"""venues download: read all pages of a list into a file, and go on where an earlier run stopped."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, get_args, get_origin, get_type_hints

import msgspec

from venues.cli.pages import Bar, all_items
from venues.cli.printing import json_value
from venues.cli.tables import cell, flat
from venues.cli.target import arguments_of, check_credentials, client_of, operation_of
from venues.cli.usage import Usage

EVERY = 1000
"""Items between two notes of the position."""
FORMS = (".csv", ".jsonl")


def run(options: Namespace) -> None:
    """Write each item of a list once, in order, however often this was interrupted or killed before."""
    path = Path(options.out)
    if path.suffix not in FORMS:
        raise Usage(f"--out is {options.out!r}; it must end in {' or '.join(FORMS)}")
    make = client_of(options.api)
    operation = operation_of(options.api, options.operation)
    arguments = arguments_of(operation, options.values)
    done = Progress(path)
    bar = Bar(sys.stderr)
    with make(base_url=options.base_url, environment=options.environment, timeout=options.timeout, hooks=bar) as client:
        check_credentials(client, operation)
        pager = all_items(client, operation, arguments, done.position, by="", instead="`venues call` reads it")
        try:
            write_all(pager, done)
        finally:
            bar.clear()
    sys.stderr.write(f"{done.items} items in {path}\n")


class Progress:
    """How far a file has got, noted beside it as `<file>.position`."""

    def __init__(self, path: Path) -> None:
        """Read the note of an earlier run.

        Raises:
            Usage: if there is a file, and no note of where it stands.
        """
        self.path = path
        self._note = path.with_name(f"{path.name}.position")
        noted: dict[str, Any] = {"size": 0, "items": 0, "position": None}
        if self._note.exists():
            noted = json.loads(self._note.read_text("utf-8"))
        elif path.exists() and path.stat().st_size:
            raise Usage(f"{path} exists, and there is no {self._note.name} to go on from; choose another --out")
        self.size: int = noted["size"]
        self.items: int = noted["items"]
        self.position: Any = noted["position"]

    def note(self, file: BinaryIO, items: int, position: object) -> None:
        """Note a position, whole or not at all, when what stands before it is on the disk."""
        file.flush()
        os.fsync(file.fileno())
        self.items = items
        draft = self._note.with_name(f"{self._note.name}.new")
        draft.write_text(json.dumps({"size": file.tell(), "items": items, "position": position}), "utf-8")
        draft.replace(self._note)


def write_all(pager: Any, done: Progress) -> None:
    """Write the items of a pager behind what is written already."""
    with done.path.open("ab") as file:
        # What was written after the last note, perhaps half a line, comes again.
        file.truncate(done.size)
        file.seek(0, os.SEEK_END)
        items = done.items
        done.note(file, items, done.position)  # so that a crash before the next note leaves no unlisted file
        try:
            for item in pager:
                file.write(_line(item, done.path.suffix, is_first=file.tell() == 0))
                items += 1
                if items % EVERY == 0:
                    done.note(file, items, pager.position)
        finally:
            done.note(file, items, pager.position)


def _line(item: object, form: str, *, is_first: bool) -> bytes:
    if form == ".jsonl":
        return (json.dumps(json_value(item), ensure_ascii=False) + "\n").encode()
    names = list(_names(type(item))) if isinstance(item, msgspec.Struct) else list(flat(item))
    members = flat(item)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if is_first:
        writer.writerow(names)
    writer.writerow([cell(members.get(name)) for name in names])
    return text.getvalue().encode()


def _names(kind: type[msgspec.Struct], prefix: str = "") -> Iterator[str]:
    """Return the columns of a struct by its type: an object that is missing in one line must not shift the others."""
    hints = get_type_hints(kind)
    for name in kind.__struct_fields__:
        hint = hints[name]
        parts = (hint,) if get_origin(hint) is list else (hint, *get_args(hint))
        inner = next((one for one in parts if isinstance(one, type) and issubclass(one, msgspec.Struct)), None)
        if inner is None:
            yield f"{prefix}{name}"
        else:
            yield from _names(inner, f"{prefix}{name}.")
