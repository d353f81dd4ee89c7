"""Turns changes into edits of YAML files, and writes first drafts of specs."""
