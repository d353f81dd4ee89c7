"""What becomes of a call: its course, the clock, the limits, finding what was lost."""
