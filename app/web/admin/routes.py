"""Administration: people, lists, the zone, clocks of leads, annual targets; each page in a module of its own."""

from __future__ import annotations

from app.web.admin import gates, leads, lists, targets, users, wording, zone
from app.web.admin.blueprint import blueprint

__all__ = ["blueprint", "gates", "leads", "lists", "targets", "users", "wording", "zone"]
