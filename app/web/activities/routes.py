"""Activities; each group of pages in a module of its own."""

from __future__ import annotations

from app.web.activities import entering, listing, one
from app.web.activities.blueprint import blueprint

__all__ = ["blueprint", "entering", "listing", "one"]
