"""Builds the site into `site/`: python -m generator.site"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from generator.site.code import type_linker
from generator.site.search import index, read_pages

ROOT = Path(__file__).parent.parent.parent
KEPT = re.compile(r"(<pre\b.*?</pre>|<script\b.*?</script>|<style\b.*?</style>)", re.DOTALL)
"""Parts of a page in which white space is significant."""

ASKED = (
    "what|does|mean|means|how|do|i|a|an|the|of|which|where|when|why|can|come|comes|back|from|for|is|are|to|in|my|with|after"
    "|if|it|on|at|there|should|must|need|happens|and"
)
ANY_CASE = re.sub("[a-z]", lambda found: f"[{found[0]}{found[0].upper()}]", ASKED)
SEPARATOR = rf"(?:\b(?:{ANY_CASE})\b|[\s_,:!?=\[\]()`/\x22·–])+|\.(?!\d)"
"""What lies between words of the search: negative codes and decimals stay whole, and questions may be asked.

Names in snake case are words, so that "place order" finds what is called place_order.
Of several titles the one is best in which the words stand nearest to each other the first time that they do,
and nearest to its beginning: names come before the groups that they belong to, and parameters before fields.
"""


def build(generated: Path, site: Path) -> None:
    """Build the site of `generated/docs` with the settings in `generated/site`."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        shutil.copytree(generated / "site", work, dirs_exist_ok=True)
        _gather(generated, work / "docs")
        subprocess.run([sys.executable, "-m", "zensical", "build", "--clean", "--strict"], cwd=work, check=True)
        _complete(work / "docs", work / "site")
        # Only now: a build that fails leaves the old site in place.
        shutil.rmtree(site, ignore_errors=True)
        shutil.move(work / "site", site)


def _gather(generated: Path, docs: Path) -> None:
    """Copy the pages, and the documents beside them into the same folder."""
    shutil.copytree(generated / "docs", docs)
    beside = [name for name in ("openapi", "asyncapi") if (generated / name).is_dir()]
    for name in beside:
        shutil.copytree(generated / name, docs / name)
    # In the site the documents are one folder nearer than in generated/.
    outside = re.compile(rf"\]\(\.\./((?:\.\./)*(?:{'|'.join(beside)})/)")
    for page in (*docs.glob("*/index.md"), docs / "llms.txt"):
        page.write_text(outside.sub(r"](\1", page.read_text("utf-8")), "utf-8")


def _complete(docs: Path, made: Path) -> None:
    """Put the Markdown beside the pages, and our own search index in place of the builder's."""
    pages = read_pages(docs)
    found = json.loads((made / "search.json").read_text("utf-8"))
    found["config"]["separator"] = SEPARATOR
    found["items"] = index(pages)
    (made / "search.json").write_text(json.dumps(found, ensure_ascii=False, separators=(",", ":")), "utf-8")
    for page in pages:
        # Language models read the Markdown; llms.txt links to it.
        shutil.copyfile(docs / page.path, made / page.path)
    linked = type_linker(docs)
    for path in made.rglob("*.html"):
        text = linked(path.relative_to(made), path.read_text("utf-8"))
        path.write_text(strip_indentation(text), "utf-8")


def strip_indentation(page: str) -> str:
    """Return a page without the indentation of the theme, which is a third of it."""
    parts = KEPT.split(page)
    return "".join(part if index % 2 else re.sub(r"\s*\n\s*", "\n", part) for index, part in enumerate(parts))


if __name__ == "__main__":
    build(ROOT / "generated", ROOT / "site")
