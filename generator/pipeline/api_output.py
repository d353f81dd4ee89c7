"""The output of one API, as it is kept in the cache and handed from one process to another."""

from __future__ import annotations

from dataclasses import dataclass

from generator.ground.cache import Texts, pack, unpack
from generator.model.summary import Summary


@dataclass(frozen=True)
class ApiOutput:
    """The files of one API, and what is said of it where all APIs are listed."""

    texts: Texts
    summary: Summary

    def to_bytes(self) -> bytes:
        """Return what `from_bytes` reads."""
        return pack(self.texts, self.summary.as_json())

    @classmethod
    def from_bytes(cls, content: bytes) -> ApiOutput:
        """Return the output whose bytes these are."""
        texts, summary = unpack(content)
        return cls(texts, Summary.from_json(summary))
