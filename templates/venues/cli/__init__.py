# Edited in templates/venues/cli/__init__.py; the copy in generated/ is imported.
"""The command line; each command is a module, imported when it runs, so that `--help` is quick."""
