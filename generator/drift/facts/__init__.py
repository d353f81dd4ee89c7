"""Turns blocks into facts, as a profile says; loads and stores those of the last reading."""
