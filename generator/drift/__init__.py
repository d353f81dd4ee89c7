"""Reads an exchange's documentation, and reports how it differs from the last reading and from the spec."""
