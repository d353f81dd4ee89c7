"""Writes and signs requests from the rule alone, for worked examples and samples."""
