"""Programs as users write them, run by tests."""
