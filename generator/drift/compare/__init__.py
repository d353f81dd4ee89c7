"""Compares facts with each other and with the spec; changes and their report."""
