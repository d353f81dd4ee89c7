"""Builds the site: again what changed since the last build, and nothing at all where nothing did."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from generator.site.code import type_linker
from generator.site.gather import pages_to_build, settings
from generator.site.progress import Progress
from generator.site.search import index, read_pages

Texts = dict[str, bytes]
CODE = Path(__file__).parent
STAMP = "built"
"""The file with the hash of what the site was built from."""
KEPT = re.compile(r"(<pre\b.*?</pre>|<script\b.*?</script>|<style\b.*?</style>)", re.DOTALL)
"""Parts of a page in which white space is significant."""

ASKED = (
    "what|does|mean|means|how|do|i|a|an|the|of|which|where|when|why|can|come|comes|back|from|for|is|are|to|in|my|with|after"
    "|if|it|on|at|there|should|must|need|happens|and"
)
"""Words of a question that say nothing of what is sought."""
# Both cases, letter by letter: the pattern becomes a setting of the search, which has no flags.
ANY_CASE = re.sub("[a-z]", lambda found: f"[{found[0]}{found[0].upper()}]", ASKED)
SEPARATOR = rf"(?:\b(?:{ANY_CASE})\b|[\s_,:!?=\[\]()`/\x22·–])+|\.(?!\d)"
"""What lies between words of the search: negative codes and decimals stay whole, and questions may be asked.

Names in snake case are words, so that "place order" finds what is called place_order.
Of several titles the one is best in which the words stand nearest to each other the first time that they do,
and nearest to its beginning: names come before the groups that they belong to, and parameters before fields.
"""


@dataclass(frozen=True)
class Made:
    """What a build did."""

    pages: int
    files: int
    changed: int
    """How many files of the site were written or removed."""


def build(
    generated: Path,
    site: Path,
    *,
    kept: Path | None = None,
    address: str = "",
    fresh: bool = False,
    progress: Progress | None = None,
) -> Made:
    """Build the site of `generated/docs` with the settings in `generated/site`.

    What is in `kept` from the last build is used again; without it, everything is built in a folder that is thrown away.
    `address` is where the site is published, such as `https://example.com/venues/latest/`.

    Raises:
        subprocess.CalledProcessError: if the site builder fails; the old site then stays as it is.
    """
    if kept is None:
        with tempfile.TemporaryDirectory() as folder:
            return _build(generated, site, Path(folder), address, progress)
    if fresh:
        shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir(parents=True, exist_ok=True)
    return _build(generated, site, kept, address, progress)


def _build(generated: Path, site: Path, work: Path, address: str, progress: Progress | None) -> Made:
    texts = _inputs(generated, address)
    stamp, pages = work / STAMP, sum(path.endswith(".md") for path in texts)
    made = hashlib.sha256(
        b"".join(path.encode() + hashlib.sha256(text).digest() for path, text in sorted(texts.items()))
    )
    made.update(b"".join(path.read_bytes() for path in sorted(CODE.glob("*.*"))) + version("zensical").encode())
    if stamp.is_file() and stamp.read_text() == made.hexdigest() and (site / "index.html").is_file():
        return Made(pages, sum(path.is_file() for path in site.rglob("*")), 0)
    stamp.unlink(missing_ok=True)
    sync(texts, work / "source", keep=(".cache/", "site/"))  # the builder's own
    _run_builder(work / "source", pages, progress)
    # Only now: a build that fails leaves the old site in place.
    done = _complete(work / "source" / "docs", work / "source" / "site")
    changed = sync(done, site)
    stamp.write_text(made.hexdigest())
    return Made(pages, len(done), changed)


def _inputs(generated: Path, address: str) -> Texts:
    """Return all that the site builder reads, by its path in the folder of the builder."""
    texts = {
        path.relative_to(generated / "site").as_posix(): path.read_bytes()
        for path in sorted((generated / "site").rglob("*"))
        if path.is_file()
    }
    # The picture of previews, drawn from card.svg; it is no text, so it cannot be a template.
    texts["overrides/assets/card.png"] = (CODE / "card.png").read_bytes()
    texts["zensical.toml"] = settings(texts["zensical.toml"].decode(), generated, address).encode()
    return texts | {f"docs/{path}": text for path, text in pages_to_build(generated).items()}


def _run_builder(work: Path, pages: int, progress: Progress | None) -> None:
    watched = progress.watching(work / "site", time.time(), pages) if progress else nullcontext()
    with watched:
        done = subprocess.run(
            [sys.executable, "-m", "zensical", "build", "--strict"],
            cwd=work,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        sys.stderr.write(f"{done.stdout}{done.stderr}\n")
        done.check_returncode()


def sync(texts: Texts, folder: Path, keep: tuple[str, ...] = ()) -> int:
    """Make a folder equal to texts, leaving equal files and what begins with `keep`; return how many others there were."""
    changed = 0
    for path, text in texts.items():
        target = folder / path
        if not target.is_file() or target.read_bytes() != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text)
            changed += 1
    # From the inside out, so that folders are empty when their turn comes.
    for found in sorted(folder.rglob("*"), reverse=True):
        name = found.relative_to(folder).as_posix()
        if found.is_dir():
            if not any(found.iterdir()):
                found.rmdir()
        elif name not in texts and not name.startswith(keep):
            found.unlink()
            changed += 1
    return changed


def _complete(docs: Path, made: Path) -> Texts:
    """Return the files of the site: with the Markdown beside the pages, and our own search index."""
    texts = {path.relative_to(made).as_posix(): path for path in sorted(made.rglob("*")) if path.is_file()}
    pages = read_pages(docs)
    # A page that is gone stays in the builder's folder; what it links to may be gone, too.
    present = {page.location for page in pages} | {"404.html"}
    linked = type_linker(docs)
    done = {
        name: (
            strip_indentation(linked(Path(name), path.read_text("utf-8"))).encode()
            if name.endswith(".html")
            else path.read_bytes()
        )
        for name, path in texts.items()
        if not name.endswith((".html", ".md")) or name in present
    }
    # Language models read the Markdown; llms.txt links to it.
    done |= {page.path: (docs / page.path).read_bytes() for page in pages}
    done["search.json"] = _search(done["search.json"], index(pages))
    return done


def _search(made: bytes, items: list[dict[str, object]]) -> bytes:
    found = json.loads(made)
    found["config"]["separator"] = SEPARATOR
    found["items"] = items
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def strip_indentation(page: str) -> str:
    """Return a page without the indentation of the theme, which is a third of it."""
    parts = KEPT.split(page)
    return "".join(part if index % 2 else re.sub(r"\s*\n\s*", "\n", part) for index, part in enumerate(parts))
