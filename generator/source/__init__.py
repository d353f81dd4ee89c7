"""Specs as written: YAML loaded with line numbers, validated against the schemas, and read with types."""
