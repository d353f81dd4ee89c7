"""What an answer says: reading it, mending it, models."""
