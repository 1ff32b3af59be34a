"""All pages of companies, so that one import brings them in."""

from app.web.investors import contacts, entry, listing, merging, page
from app.web.investors.blueprint import blueprint

__all__ = ["blueprint", "contacts", "entry", "listing", "merging", "page"]
