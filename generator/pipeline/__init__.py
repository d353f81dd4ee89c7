"""Runs the steps in order: what is rendered again, what comes from the cache, in which process, and in what time."""
