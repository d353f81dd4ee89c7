"""The work of one run: which APIs are rendered, and what they share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct as Record

from generator.ground.cache import Cache


class Task(Record, frozen=True):
    """An API to render."""

    name: str
    key: str
    """A hash of everything that its output depends on."""

    size: int
    """Bytes of YAML."""


class Work(Record, frozen=True):
    """Tasks and what they need."""

    specs: Path
    templates: Path
    version: str
    made_with: str
    """A hash of what the output of every API depends on besides the generator."""

    cache: Cache
    tasks: Sequence[Task] = ()
