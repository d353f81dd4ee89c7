"""Prints Python: expressions, docstrings, models; tidies and formats it."""
