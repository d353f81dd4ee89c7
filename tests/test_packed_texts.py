"""Texts that lie in one file of the cache, and are read when they are asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.ground.cache import Cache
from generator.ground.packed import Joined, Packed, pack

TEXTS = st.dictionaries(st.text(min_size=1), st.binary(max_size=200), max_size=5)


@given(TEXTS, st.none() | st.text() | st.lists(st.integers()))
def test_what_is_packed_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, texts: dict[str, bytes], more: object
) -> None:
    """Each text is read as it was, in the same order, and so is what stands beside them."""
    cache = Cache(tmp_path_factory.mktemp("cache"))
    cache.keep("texts", pack(texts, more), "specs")
    found = cache.packed("texts", "specs")
    assert found is not None
    assert ([*texts.items()], more) == ([*found.items()], found.more)
    assert cache.packed("texts", "other specs") is None


def test_texts_outlive_the_file_that_takes_their_place(tmp_path: Path) -> None:
    """Another run may keep other texts under the name before the last one was read."""
    cache = Cache(tmp_path)
    cache.keep("texts", pack({"a": b"first"}, None))
    found = cache.packed("texts")
    cache.keep("texts", pack({"a": b"other"}, None))
    assert found is not None
    assert b"first" == found["a"]


def test_text_that_was_cut_is_no_text(tmp_path: Path) -> None:
    """A file that is cut while it is read gives an error, and never a part of a text."""
    file = tmp_path / "texts"
    file.write_bytes(b"".join(pack({"a": b"first", "b": b"second"}, None)))
    found = Packed(file, 0)
    found.open()
    with file.open("rb+") as open_file:
        open_file.truncate(file.stat().st_size - 1)
    assert b"first" == found["a"]
    with pytest.raises(OSError, match="b can't be read from the cache any more: run this again"):
        found["b"]


def test_last_of_several_texts_counts() -> None:
    """Where texts of one path lie in several places, that counts which was added last."""
    texts = Joined({"a": b"first", "b": b"second"})
    texts.add({"a": b"third"})
    assert {"a": b"third", "b": b"second"} == dict(texts)
