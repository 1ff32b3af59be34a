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
from app.funds.queries.board import BoardColumn, read_board
from app.funds.queries.columns import EXTRAS, SUMMED
from app.funds.queries.on_record import OnRecord, newly_on_record, read_on_record
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
    has_voucher,
    last_revocation,
    list_for_project,
    list_reviewed,
    list_revocations,
    list_shares,
    recorded_span,
    recorded_total,
    states_total,
)

__all__ = [
    "EXTRAS",
    "SUMMED",
    "ArrivalFilter",
    "ArrivalOrder",
    "ArrivalRow",
    "ArrivalSums",
    "BoardColumn",
    "OnRecord",
    "ProjectOrder",
    "ProjectRow",
    "ProjectSums",
    "Share",
    "arrival_sums",
    "find_by_voucher",
    "find_look_alike",
    "get_arrival",
    "has_voucher",
    "iter_arrivals",
    "iter_projects",
    "last_revocation",
    "list_arrivals",
    "list_for_project",
    "list_projects",
    "list_reviewed",
    "list_revocations",
    "list_shares",
    "newly_on_record",
    "project_sums",
    "read_board",
    "read_on_record",
    "recorded_span",
    "recorded_total",
    "states_total",
]
