"""预警: each page in a module of its own."""

from __future__ import annotations

from app.web.warnings import excuses, listing, setting
from app.web.warnings.blueprint import blueprint

__all__ = ["blueprint", "excuses", "listing", "setting"]
