"""Builds the site into `site/`: python -m generator.site [--address https://example.com/venues/]"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path

from generator.site.build import build
from generator.site.progress import Progress

ROOT = Path(__file__).parent.parent.parent


def main() -> None:
    """Build the site, and say what was done."""
    parser = ArgumentParser(prog="python -m generator.site", description="Build the site into site/.")
    parser.add_argument("--address", default="", help="where it is published; without it, there is no sitemap")
    parser.add_argument("--fresh", action="store_true", help="use nothing of earlier builds")
    options = parser.parse_args()
    progress = Progress(sys.stderr)
    made = build(
        ROOT / "generated",
        ROOT / "site",
        kept=ROOT / ".cache" / "site",
        address=options.address,
        fresh=options.fresh,
        progress=progress,
    )
    progress.close()
    sys.stdout.write(f"site/ has {made.pages} pages; {made.changed or 'none'} of its {made.files} files changed\n")


if __name__ == "__main__":
    main()
