"""合同与承诺; each group of pages in a module of its own, on the blueprint of the projects."""

from app.web.contracts import commitments, investor, page, reviews, signing

__all__ = ["commitments", "investor", "page", "reviews", "signing"]
