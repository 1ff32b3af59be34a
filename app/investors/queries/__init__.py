"""Reading investors."""

from app.investors.queries.filters import InvestorFilter, has_text, matches, sounds
from app.investors.queries.finding import (
    find_by_former_name,
    find_by_name,
    find_by_uscc,
    list_names,
    names_of,
)
from app.investors.queries.records import (
    GroupMember,
    KnownAs,
    get_contact,
    get_investor,
    get_merge,
    known_as,
    list_absorbed,
    list_children,
    list_contacts,
    list_former_names,
    list_group,
    list_merges,
    lock_groups,
    parents_of,
)

__all__ = [
    "GroupMember",
    "InvestorFilter",
    "KnownAs",
    "find_by_former_name",
    "find_by_name",
    "find_by_uscc",
    "get_contact",
    "get_investor",
    "get_merge",
    "has_text",
    "known_as",
    "list_absorbed",
    "list_children",
    "list_contacts",
    "list_former_names",
    "list_group",
    "list_merges",
    "list_names",
    "lock_groups",
    "matches",
    "names_of",
    "parents_of",
    "sounds",
]
