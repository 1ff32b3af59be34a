"""All routes of imports, so that one import brings them in."""

from app.web.ledger import imports, judging, recognising, results
from app.web.ledger.blueprint import blueprint

__all__ = ["blueprint", "imports", "judging", "recognising", "results"]
