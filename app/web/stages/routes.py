"""Stages of projects; each group of pages in a module of its own."""

from __future__ import annotations

from app.web.stages import advancing, aside, requests
from app.web.stages.blueprint import blueprint

__all__ = ["advancing", "aside", "blueprint", "requests"]
