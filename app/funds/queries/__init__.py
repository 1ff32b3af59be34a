"""Reading arrivals: single ones, the list of arrivals, and projects with the money that arrived for them."""

from app.funds.queries.arrivals import (
    ArrivalFilter,
    ArrivalOrder,
    ArrivalRow,
    ArrivalSums,
    arrival_sums,
    iter_arrivals,
    list_arrivals,
)
from app.funds.queries.projects import (
    ProjectOrder,
    ProjectRow,
    ProjectSums,
    iter_projects,
    list_projects,
    project_sums,
)
from app.funds.queries.records import (
    Share,
    find_by_voucher,
    find_look_alike,
    get_arrival,
    list_for_project,
    list_reviewed,
    list_shares,
    recorded_span,
    recorded_total,
    states_total,
)

__all__ = [
    "ArrivalFilter",
    "ArrivalOrder",
    "ArrivalRow",
    "ArrivalSums",
    "ProjectOrder",
    "ProjectRow",
    "ProjectSums",
    "Share",
    "arrival_sums",
    "find_by_voucher",
    "find_look_alike",
    "get_arrival",
    "iter_arrivals",
    "iter_projects",
    "list_arrivals",
    "list_for_project",
    "list_projects",
    "list_reviewed",
    "list_shares",
    "project_sums",
    "recorded_span",
    "recorded_total",
    "states_total",
]
