"""What the mock exchange needs to know of an API, as data."""
