"""What the specification declares, as the mock exchange reads it."""
