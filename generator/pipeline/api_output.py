"""The output of one API, as it is stored in the cache."""

from __future__ import annotations

import json

from msgspec import Struct as Record

from generator.ground.cache import Texts, pack, unpack
from generator.model.summary import Summary


class ApiOutput(Record, frozen=True):
    """The files of one API, and its entry in the lists of all APIs."""

    texts: Texts
    summary: Summary
    left: tuple[str, ...] = ()
    """The paths of files that lie in the output folder as they should, in place of their texts."""

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of all files."""
        return (*self.texts, *self.left)

    def to_parts(self) -> list[bytes]:
        """Return the output as the parts of a file, for `from_bytes`."""
        return pack(self.texts, self.summary.as_json())

    @classmethod
    def from_bytes(cls, content: bytes) -> ApiOutput:
        """Read a file of what `to_parts` returned."""
        texts, summary = unpack(content)
        return cls(texts, Summary.from_json(summary))

    def head(self) -> bytes:
        """Return what `from_head` reads: all but the texts."""
        return json.dumps([self.paths, self.summary.as_json()]).encode()

    @classmethod
    def from_head(cls, content: bytes) -> ApiOutput:
        """Read what `head` returned."""
        paths, summary = json.loads(content)
        return cls({}, Summary.from_json(summary), tuple(paths))
