"""Rewrites specs of an earlier edition of the language, changing no more than the words that differ."""
