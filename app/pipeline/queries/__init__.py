"""Reading projects: single records with contracts and milestones, and the filter of the project list."""

from app.pipeline.queries.filters import ProjectFilter, Standing, has_text, matches
from app.pipeline.queries.records import (
    contract_total,
    find_by_number,
    find_contract,
    get_project,
    list_contracts,
    list_responsibilities,
    main_contract,
    milestones_of,
    next_number,
    search_projects,
    unit_on,
)
from app.pipeline.queries.terms import (
    dependents_of,
    get_commitment,
    get_contract,
    get_review,
    list_commitments,
    list_investor_changes,
    list_reviews,
    standing_reviews,
)

__all__ = [
    "ProjectFilter",
    "Standing",
    "contract_total",
    "dependents_of",
    "find_by_number",
    "find_contract",
    "get_commitment",
    "get_contract",
    "get_project",
    "get_review",
    "has_text",
    "list_commitments",
    "list_contracts",
    "list_investor_changes",
    "list_responsibilities",
    "list_reviews",
    "main_contract",
    "matches",
    "milestones_of",
    "next_number",
    "search_projects",
    "standing_reviews",
    "unit_on",
]
