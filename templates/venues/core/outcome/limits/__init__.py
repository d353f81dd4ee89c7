"""Counting calls: in memory, or in Redis."""
