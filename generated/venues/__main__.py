# Edited in templates/venues/__main__.py; the copy in generated/ is imported.
"""The command line: python -m venues …"""

from __future__ import annotations

import sys

from venues.cli.main import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
