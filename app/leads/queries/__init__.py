"""Reading leads."""

from app.leads.queries.filters import Attention, LeadFilter, Sight, matches
from app.leads.queries.likeness import Alike, find_alike, find_alike_investors
from app.leads.queries.lists import LeadRow, LeadSums, iter_leads, lead_sums, list_leads
from app.leads.queries.records import (
    clocks_and_units,
    clocks_of,
    course_of,
    find_for_project,
    get_lead,
    list_decisions,
    lock_registration,
    may_read_lead,
    next_number,
    officer_name,
    officers_of,
)

__all__ = [
    "Alike",
    "Attention",
    "LeadFilter",
    "LeadRow",
    "LeadSums",
    "Sight",
    "clocks_and_units",
    "clocks_of",
    "course_of",
    "find_alike",
    "find_alike_investors",
    "find_for_project",
    "get_lead",
    "iter_leads",
    "lead_sums",
    "list_decisions",
    "list_leads",
    "lock_registration",
    "matches",
    "may_read_lead",
    "next_number",
    "officer_name",
    "officers_of",
]
