# Edited in templates/venues/core/values/decoders.py; the copy in generated/ is imported.
"""Decoders of JSON into typed objects, built by one thread at a time."""

from __future__ import annotations

import os
import threading
from typing import Any

import msgspec

_building = threading.Lock()
# A process that is forked off while another thread builds would wait for that thread for ever: it has only its own.
os.register_at_fork(before=_building.acquire, after_in_parent=_building.release, after_in_child=_building.release)


def build_decoder(wanted: Any, **options: Any) -> msgspec.json.Decoder[Any]:  # Any: types and options are values here
    """Return a decoder of a type, with the options of `msgspec.json.Decoder`; decoding needs no lock.

    msgspec (0.22) hangs what it knows of a struct on the class before it is complete, and runs Python in between. A
    second thread that builds a decoder with the same struct then takes the half for the whole, and the process crashes.
    """
    with _building:
        return msgspec.json.Decoder(wanted, **options)
