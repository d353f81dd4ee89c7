# Edited in templates/venues/paging.py; the copy in generated/ is imported.
"""What `iter_` methods return, for annotations of your own."""

from __future__ import annotations

from venues.core.paging.async_pager import AsyncPager
from venues.core.paging.course import PagerPosition
from venues.core.paging.pager import Pager

__all__ = ["AsyncPager", "Pager", "PagerPosition"]
