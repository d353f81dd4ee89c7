"""Gathers what the site builder reads: pages with their descriptions, the documents beside them, the settings."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

from generator.site.search import front_matter, text_of

BESIDE = ("openapi", "asyncapi")
LONGEST = 155
"""Characters of a description that a search engine shows."""

FENCE = re.compile(r"```.*?```", re.DOTALL)


def pages_to_build(generated: Path) -> dict[str, bytes]:
    """Return the pages and the documents beside them, by their paths in the folder of pages."""
    docs = generated / "docs"
    names = {
        path.parent.name: front_matter(path)[0]
        for path in docs.glob("*/index.md")
        if path.parent.name not in ("guide", "compare")
    }
    warnings = {name: warning(docs / name / "index.md") for name in names}
    found: dict[str, bytes] = {}
    for path in sorted(docs.rglob("*")):
        if path.is_file():
            name = path.relative_to(docs).as_posix()
            folder = name.partition("/")[0]
            known = names.get(folder, ""), warnings.get(folder, "")
            text = _described(path, *known) if path.suffix == ".md" else path.read_text("utf-8")
            found[name] = _nearer(text).encode()
    found |= {f"{name}/llms-full.txt": _whole(docs / name).encode() for name in names}
    for path in (file for name in BESIDE for file in sorted((generated / name).glob("*")) if file.is_file()):
        found[path.relative_to(generated).as_posix()] = path.read_bytes()
    return found


def warning(overview: Path) -> str:
    """Return why an API should no longer be used, as its overview says it; empty if it doesn't."""
    said = re.search(r"^\*\*Deprecated\.\*\* (.+)$", front_matter(overview)[1], re.MULTILINE)
    return text_of(said[1]) if said else ""


def _whole(folder: Path) -> str:
    """Return all pages of an API as one text, in the order of its list; links in it are those of the pages."""
    lists = [(folder / name).read_text("utf-8") for name in ("llms.txt", "types.md") if (folder / name).is_file()]
    listed = dict.fromkeys(name for text in lists for name in re.findall(r"\]\(([^)]+\.md)\)", text))
    return (
        "\n\n".join(f"<!-- {folder.name}/{name} -->\n{front_matter(folder / name)[1].strip()}" for name in listed)
        + "\n"
    )


def _nearer(text: str) -> str:
    """Correct links to the documents, which are one folder nearer in the site than in generated/."""
    return re.sub(rf"\]\(\.\./((?:\.\./)*(?:{'|'.join(BESIDE)})/)", r"](\1", text)


def _described(path: Path, api: str, deprecated: str) -> str:
    """Return a page with what the theme shows of it in its front matter: its API, a description, a warning."""
    title, body = front_matter(path)
    more = {
        "api": api if api not in title else "",
        "description": description(body, api if api not in title else title),
        "deprecated": deprecated,
    }
    # Site builders read front matter as HTML, and put it into attributes.
    front = "".join(
        f"{key}: {json.dumps(html.escape(text), ensure_ascii=False)}\n" for key, text in more.items() if text
    )
    return path.read_text("utf-8").replace("\n---\n", f"\n{front}---\n", 1)


def description(body: str, api: str) -> str:
    """Return what a page says first, in one line that a search engine shows whole; it ends with the API."""
    paragraphs = [part.strip() for part in FENCE.sub("", body).split("\n\n")]
    said = [text_of(part.replace("\n", " ")) for part in paragraphs if part[:1].isalnum() or part[:1] in "[`"]
    words = " ".join(said).split()
    end = f" ({api})" if api and api not in " ".join(words) else ""
    text = ""
    for word in words:
        if len(text) + 1 + len(word) + len(end) > LONGEST - 1:
            return f"{text}…{end}"
        text = f"{text} {word}" if text else word
    return f"{text}{end}"


def settings(text: str, generated: Path, address: str) -> str:
    """Return the settings of the builder, with the version and with the address at which the site is published."""
    lines = (
        (generated / "venues" / "__init__.py").read_text("utf-8").splitlines()
        if (generated / "venues" / "__init__.py").is_file()
        else []
    )
    version = next((line.split('"')[1] for line in lines if line.startswith("__version__")), "0")
    site = f"site_url = {json.dumps(address)}\n" if address else ""
    extra = f"\n[project.extra]\nrelease = {json.dumps(version)}\ngenerator = false\n"
    # The selector of versions asks for a list of them, which lies only where the site is published.
    extra += '\n[project.extra.version]\nprovider = "mike"\ndefault = "latest"\n' if address else ""
    return text.replace("[project]\n", f"[project]\n{site}", 1) + extra
