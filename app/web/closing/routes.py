"""月度关账: each page in a module of its own."""

from __future__ import annotations

from app.web.closing import acting, listing, months, records
from app.web.closing.blueprint import blueprint

__all__ = ["acting", "blueprint", "listing", "months", "records"]
