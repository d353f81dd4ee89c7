"""Finds what contradicts itself in a model that was built; `build` never calls it."""
