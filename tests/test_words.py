"""The prose of specs: one word for one idea, and words of our own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.ground.tree import ROOT, source_folders
from generator.source.folder import read_source
from generator.source.glossary import prose_of, read_glossary, wording
from generator.source.load import Source, parse
from tests.support import inventory

SPECS = ROOT / "specs"
DOCUMENTS = inventory.SHARED / "docs"
RUN = 8
"""How many words in a row are a sentence of somebody else's."""
each_api = pytest.mark.parametrize("folder", source_folders(SPECS), ids=lambda folder: folder.name)


@each_api
def test_specs_use_the_words_of_the_glossary(folder: Path) -> None:
    """No spec says in prose what the glossary has another word for."""
    assert [] == [str(warning) for warning in wording(read_source(SPECS, folder), read_glossary(SPECS))]


def test_other_words_are_found_where_they_stand() -> None:
    """A word that the glossary replaces is found with its line; what is quoted, and what is no prose, is not."""
    text = b"group: demo\ndoc: Get candles of a symbol.\nsummary: 'Sent as `candle`, or \"candles\".'\nname: candles\n"
    content = parse(text, "demo.yaml", [])
    assert content is not None
    found = wording(Source("demo", {"demo.yaml": content}), read_glossary(SPECS))
    assert ["demo.yaml:2  doc: says “candles”; use “kline”"] == [str(warning) for warning in found]


SPELLING = re.compile(r"(?<![\w.!`\"'_])(?:cancell(?:ed|ing)|(?:un)?realis(?:ed|ing))(?![\w(`\"'])", re.IGNORECASE)
"""British spellings, as words of a sentence: what is called or quoted is spelled as Python or an exchange does."""
OURS = ("*.md", "specs/README.md", "templates/**/*.*", "generator/**/*.py", "tests/**/*.py")


@pytest.mark.parametrize("files", OURS)
def test_american_spelling_in_all_prose(files: str) -> None:
    """Documents, comments and messages are spelled as specs are, so that a reader finds a word by its one spelling."""
    texts = [path for path in ROOT.glob(files) if path.suffix in (".md", ".py", ".j2", ".unasync")]
    assert texts
    lines = ((path, line) for path in texts for line in path.read_text("utf-8").splitlines())
    assert [] == [f"{path.relative_to(ROOT)}: {line.strip()}" for path, line in lines if SPELLING.search(line)]


def runs(text: str) -> Iterator[tuple[str, ...]]:
    """Yield every run of words, without signs and capitals."""
    words = re.findall(r"\w+", text.lower())
    yield from (tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1))


FENCED = re.compile(r"^( *)(`{3,}).*?^\1\2$", re.MULTILINE | re.DOTALL)
QUOTED = re.compile(r"`[^`\n]*`|\[[^\]\n]*\]\([^)\n]*\)|<[^>\n]*>|“[^”]*”")
"""What pages show of the exchange: code, the titles of its pages, headings."""


def lines_of(folder: Path) -> Iterator[str]:
    """Yield what is written by us: the prose of a spec, and the lines of its pages."""
    for content in read_source(SPECS, folder).files.values():
        yield from prose_of(content)
    for page in (ROOT / "generated" / "docs" / folder.name).rglob("*.md"):
        yield from QUOTED.sub(" … ", FENCED.sub("", page.read_text("utf-8"))).splitlines()


@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="the documents in ../shared/exchanges are not here")
@each_api
def test_no_sentence_is_copied(folder: Path) -> None:
    """No eight words in a row of a spec's prose, or of its pages, stand in the exchange's documents."""
    documents = [path for path in (DOCUMENTS / folder.name).rglob("*") if path.is_file()]
    theirs = {run for path in documents for run in runs(path.read_text("utf-8", "replace"))}
    assert theirs
    assert set() == {" ".join(run) for line in lines_of(folder) for run in runs(line) if run in theirs}
