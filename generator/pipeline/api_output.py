"""The output of one API, as it is stored in the cache."""

from __future__ import annotations

import json
from collections.abc import Mapping

from msgspec import Struct as Record

from generator.ground.cache import Cache
from generator.ground.packed import pack
from generator.model.summary import Summary


class ApiOutput(Record, frozen=True):
    """The files of one API, and its entry in the lists of all APIs."""

    texts: Mapping[str, bytes]
    """Path below the output folder → content."""
    summary: Summary
    left: tuple[str, ...] = ()
    """The paths of files that lie in the output folder as they should, in place of their texts."""

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of all files."""
        return (*self.texts, *self.left)

    def kept(self, cache: Cache, name: str, key: str) -> ApiOutput:
        """Keep the output of an API in the cache; return it without its texts in memory, if it is there now."""
        cache.keep(f"apis/{name}", pack(self.texts, self.summary.as_json()), key)
        cache.keep(f"heads/{name}", json.dumps([self.paths, self.summary.as_json()]).encode(), key)
        return self.of(cache, name, key) or self

    @classmethod
    def of(cls, cache: Cache, name: str, key: str) -> ApiOutput | None:
        """Return the output of an API that the cache has; its texts stay there until they are asked for."""
        texts = cache.packed(f"apis/{name}", key)
        return cls(texts, Summary.from_json(texts.more)) if texts is not None else None

    @classmethod
    def head_of(cls, cache: Cache, name: str, key: str) -> ApiOutput | None:
        """Return all of it but the texts."""
        head = cache.get(f"heads/{name}", key)
        if head is None:
            return None
        paths, summary = json.loads(head)
        return cls({}, Summary.from_json(summary), tuple(paths))
