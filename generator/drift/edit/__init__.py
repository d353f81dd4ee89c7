"""Turns what documentation says into edits of YAML files: entries that are new, figures that changed, the history."""
