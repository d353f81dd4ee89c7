"""Caches compiled templates, so that editing one does not compile all of them again."""

from __future__ import annotations

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from generator.ground.cache import Cache


class Compiled(BytecodeCache):
    """Jinja's own form of a compiled template, in the generator's cache."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def load_bytecode(self, bucket: Bucket) -> None:
        """Load a template that was compiled from the same source."""
        kept = self._cache.get(f"templates/{bucket.key}", bucket.checksum)
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Store a template that has just been compiled."""
        self._cache.keep(f"templates/{bucket.key}", bucket.bytecode_to_string(), bucket.checksum)
