"""Renders the template tree, and puts the texts on the disk."""
