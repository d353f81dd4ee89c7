"""Which lines of Python code use what changed in the specs."""
