# Edited in templates/venues/cli/usage.py; the copy in generated/ is imported.
"""What is raised where a command line makes no sense."""

from __future__ import annotations


class Usage(Exception):
    """The command line is not valid; the message says why."""
