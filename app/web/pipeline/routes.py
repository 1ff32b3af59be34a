"""Projects; each group of pages in a module of its own."""

from app.web.contracts import routes as contracts
from app.web.pipeline import listing, projects
from app.web.pipeline.blueprint import blueprint

__all__ = ["blueprint", "contracts", "listing", "projects"]
