"""Leads: each page in a module of its own."""

from __future__ import annotations

from app.web.leads import entry, listing, page, work
from app.web.leads.blueprint import blueprint

__all__ = ["blueprint", "entry", "listing", "page", "work"]
