"""Builds the site: python -m generator.site DOCS SITE."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from generator.site.search import items, rank, read_pages

ROOT = Path(__file__).parent.parent.parent
SEPARATOR = r"[\s,:!=\[\]()`/\x22·]+|\.(?!\d)"
"""Where words of the search end; names in snake case and negative codes stay whole."""


def build(generated: Path, site: Path) -> None:
    """Build the site of `generated/docs` with the settings in `generated/site`."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        shutil.copytree(generated / "site", work, dirs_exist_ok=True)
        shutil.copytree(generated / "docs", work / "docs")
        subprocess.run([sys.executable, "-m", "zensical", "build", "--clean"], cwd=work, check=True)
        _complete(work / "docs", work / "site")
        shutil.rmtree(site, ignore_errors=True)
        shutil.move(work / "site", site)


def _complete(docs: Path, made: Path) -> None:
    """Put the Markdown beside the pages, and our own search index in place of the builder's."""
    pages = read_pages(docs)
    index = json.loads((made / "search.json").read_text("utf-8"))
    index["config"]["separator"] = SEPARATOR
    index["items"] = sorted((item for page in pages for item in items(page)), key=rank)
    (made / "search.json").write_text(json.dumps(index, ensure_ascii=False, separators=(",", ":")), "utf-8")
    for page in pages:
        shutil.copyfile(docs / page.path, made / page.path)


if __name__ == "__main__":
    build(ROOT / "generated", ROOT / "site")
