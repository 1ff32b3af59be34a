"""The relations under all figures: facts of today's records, facts as posted, and the difference of both."""

from app.journal.facts.difference import ENTRY, difference
from app.journal.facts.live import (
    ALL_KINDS,
    facts_by_kind,
    is_of_project,
    join_project,
    live_facts,
    member_of,
)
from app.journal.facts.posted import corrections, is_reversed, posted_by_kind, standing_facts

__all__ = [
    "ALL_KINDS",
    "ENTRY",
    "corrections",
    "difference",
    "facts_by_kind",
    "is_of_project",
    "is_reversed",
    "join_project",
    "live_facts",
    "member_of",
    "posted_by_kind",
    "standing_facts",
]
