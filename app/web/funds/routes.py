"""All routes of arrivals; ``blueprint`` is registered by ``app.web.blueprints``."""

from __future__ import annotations

from app.web.funds import entry, listing, one, review, revoking
from app.web.funds.blueprint import blueprint

__all__ = ["blueprint", "entry", "listing", "one", "review", "revoking"]
