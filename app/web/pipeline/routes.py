"""Projects; each group of pages in a module of its own."""

from app.web.contracts import routes as contracts
from app.web.pipeline import board, bulk, exports, glance, listing, projects, views
from app.web.pipeline.blueprint import blueprint

__all__ = ["blueprint", "board", "bulk", "contracts", "exports", "glance", "listing", "projects", "views"]
