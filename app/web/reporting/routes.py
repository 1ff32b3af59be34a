"""Everything under 上报表."""

from __future__ import annotations

from app.web.reporting import design, fills, listing
from app.web.reporting.blueprint import blueprint

__all__ = ["blueprint", "design", "fills", "listing"]
