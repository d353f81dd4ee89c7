"""Writes the first draft of a new spec from documentation: what pages state, and guesses that a person decides on."""
