"""Blocks → facts, as a profile says; and what was observed the last time."""
