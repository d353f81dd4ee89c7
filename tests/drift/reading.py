"""Reads pages that tests write, with the profile of an API or the common one."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.drift.compare.changes import Change
from generator.drift.compare.compare import compare
from generator.drift.compare.reading import load_profile
from generator.drift.facts.facts import Fact, Facts, Key
from generator.drift.facts.page import read_page
from generator.drift.facts.profile import Profile, default_profile, profile_of
from generator.drift.pages.blocks import Document
from generator.ground.tree import ROOT
from generator.source.load import parse

SPECS = ROOT / "specs"
PAGES = ROOT / "tests" / "pages"
DOCS = ROOT.parent / "shared" / "exchanges" / "docs"
INVENTORY = ROOT.parent / "shared" / "exchanges" / "inventory"
SOURCES = {
    "aster_futures": "account-trades.txt",
    "bingx_swap": "account-api.txt",
    "bitget_margin": "margin-v1.zh.txt",
    "hibt_futures": "perpetual-v2.txt",
    "sixmm": "user-and-account.txt",
}
APIS = sorted(SOURCES)
EVERY = sorted([*APIS, "binance_spot", "bybit"])


def profile(text: str) -> Profile:
    """The profile that a docs.yaml gives."""
    at = parse(text.encode(), "docs.yaml", [])
    assert at is not None
    return profile_of(at)


def read(text: str, name: str = "page.md", rules: str | None = None) -> Facts:
    """What is read from a page."""
    return read_page(
        Document(name.split(".", maxsplit=1)[0], name, text), profile(rules) if rules else default_profile()
    )


def page(name: str) -> Facts:
    """What is read from one of the pages in tests/pages."""
    return read((PAGES / name).read_text("utf-8"), name)


def source(api: str) -> Facts:
    """What is read from the source document of an API."""
    path = DOCS / api / SOURCES[api]
    if not path.is_file():
        pytest.skip(f"{path} is not here")
    return read_page(Document(path.stem, path.name, path.read_text("utf-8")), load_profile(SPECS, SPECS / api))


def changed(old: str, new: str, name: str = "page.md", rules: str | None = None) -> list[Change]:
    """What changed from one page to another."""
    return compare(read(old, name, rules), read(new, name, rules))


def names(facts: Facts, kind: str, owner: str) -> dict[str, bool | None]:
    """Names of a kind, with their marks."""
    return {key[2]: fact.required for key, fact in facts.of(kind, owner)}


def made(*entries: tuple[Key, Fact]) -> Facts:
    """Facts, made by hand."""
    return Facts(dict(entries))


def folder_of(api: str) -> Path:
    """The folder of an API's documentation; skips where it is absent."""
    path = DOCS / api
    if not path.is_dir():
        pytest.skip(f"{path} is not here")
    return path
