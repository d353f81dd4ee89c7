"""Reads an exchange's documentation, and says how it differs from what was read before and from the spec."""
