"""How a brief is worded, ranked, drawn and checked; plain values in, plain values out."""

from app.briefs.rules.checks import check_snapshot
from app.briefs.rules.document import FORM, write_brief
from app.briefs.rules.making import check_month, is_silent
from app.briefs.rules.ranking import ranks

__all__ = ["FORM", "check_month", "check_snapshot", "is_silent", "ranks", "write_brief"]
