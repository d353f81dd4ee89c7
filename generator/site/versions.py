"""Puts a built site among those of earlier releases: python -m generator.site.versions SITE PUBLISHED VERSION

`PUBLISHED` is the folder that is published as it is: a folder for each of the last versions, `latest` for the highest of
them, the list that the theme's selector reads (`versions.json`), and pages at the root that lead to `latest`.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

NUMBER = re.compile(r"(\d+)\.(\d+)\.(\d+)([a-z0-9.]*)")
LATEST = "latest"
# A site takes some 55 MB, and the host serves at most 1 GB.
MOST = 15
"""Versions that stay published, beside `latest`."""
# By a header and not by a script: a policy of the host, or a reader without scripts, must not end here.
LEAD = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Venues</title><meta http-equiv="refresh" content="0; url={to}"></head>
<body><p><a href="{to}">Venues</a></p></body>
</html>
"""
LIST = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Versions of Venues</title></head>
<body><h1>Versions of Venues</h1><ul>
{rows}
</ul></body>
</html>
"""


class VersionRefused(Exception):
    """A version is no number such as 1.2.3."""


def order(version: str) -> tuple[int, int, int, bool, str]:
    """Return what versions are compared by: a release comes after its candidates.

    Raises:
        VersionRefused: if it is no version.
    """
    found = NUMBER.fullmatch(version)
    if found is None:
        raise VersionRefused(f"{version!r} is no version such as 1.2.3")
    major, minor, patch, rest = found.groups()
    return int(major), int(minor), int(patch), not rest, rest


def publish(site: Path, published: Path, version: str) -> list[str]:
    """Put a site into the published folder, and return all versions, the highest first.

    Raises:
        VersionRefused: if the version is none; nothing is written then.
    """
    order(version)
    published.mkdir(parents=True, exist_ok=True)
    _replace(site, published / version)
    folders = [path.name for path in published.iterdir() if path.is_dir() and NUMBER.fullmatch(path.name)]
    versions = kept(sorted(folders, key=order, reverse=True), version)
    for old in set(folders) - set(versions):
        shutil.rmtree(published / old)
    if versions[0] == version:
        _replace(site, published / LATEST)
    listed = [{"version": one, "title": one, "aliases": [LATEST] if one == versions[0] else []} for one in versions]
    rows = "\n".join(f'<li><a href="{one}/index.html">{one}</a></li>' for one in versions)
    texts = {
        "versions.json": json.dumps(listed, indent=1) + "\n",
        "versions.html": LIST.format(rows=rows),
        "index.html": LEAD.format(to=f"{LATEST}/index.html"),
        # The host shows the root's page for addresses that do not exist; its links are absolute.
        "404.html": (published / LATEST / "404.html").read_text("utf-8"),
        ".nojekyll": "",
    }
    for name, text in texts.items():
        (published / name).write_text(text, "utf-8")
    return versions


def kept(versions: list[str], newest: str) -> list[str]:
    """Return the versions that stay, the highest first: candidates of what was released go first, then the lowest.

    What was published last stays, also if it corrects an old release.
    """
    left = list(versions)
    released = {order(version)[:3] for version in versions if order(version)[3]}
    candidates = [version for version in versions if not order(version)[3] and order(version)[:3] in released]
    for old in dict.fromkeys([*reversed(candidates), *reversed(versions)]):
        if len(left) > MOST and old != newest:
            left.remove(old)
    return left


def _replace(site: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(site, target)


if __name__ == "__main__":
    listed = publish(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3].removeprefix("v"))
    sys.stdout.write(f"{' '.join(listed)}\n")
