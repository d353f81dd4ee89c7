"""YAML as it was written: loaded with its lines, held against the schemas, and read with types."""
