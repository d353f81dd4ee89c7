# Edited in templates/venues/books.py; the copy in generated/ is imported.
"""Order books that are kept up to date: what `streams.book` returns, and what can be read from it."""

from __future__ import annotations

from venues.core.books.book import Book
from venues.core.books.levels import Level
from venues.core.books.reading import Best, Prices
from venues.core.books.sync_book import SyncBook

__all__ = ["Best", "Book", "Level", "Prices", "SyncBook"]
