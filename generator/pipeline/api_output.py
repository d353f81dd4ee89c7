"""The output of one API, as it is stored in the cache."""

from __future__ import annotations

from msgspec import Struct as Record

from generator.ground.cache import Texts, pack, unpack
from generator.model.summary import Summary


class ApiOutput(Record, frozen=True):
    """The files of one API, and its entry in the lists of all APIs."""

    texts: Texts
    summary: Summary

    def to_parts(self) -> list[bytes]:
        """Return the output as the parts of a file, for `from_bytes`."""
        return pack(self.texts, self.summary.as_json())

    @classmethod
    def from_bytes(cls, content: bytes) -> ApiOutput:
        """Read a file of what `to_parts` returned."""
        texts, summary = unpack(content)
        return cls(texts, Summary.from_json(summary))
