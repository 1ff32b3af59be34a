"""Imports and their rows; stored records as a ledger writes them."""

from app.ledger.queries.arrivals import StoredArrival, StoredArrivals, plain
from app.ledger.queries.batches import (
    count_taken,
    get_batch,
    get_row,
    list_batches,
    list_rows,
    row_ids,
    rows_by_verdict,
    verdict_counts,
)
from app.ledger.queries.companies import Companies
from app.ledger.queries.records import (
    Names,
    Stored,
    StoredProjects,
    arrival_cells,
    project_cells,
    projects_by_number,
    read_stored,
)

__all__ = [
    "Companies",
    "Names",
    "Stored",
    "StoredArrival",
    "StoredArrivals",
    "StoredProjects",
    "arrival_cells",
    "count_taken",
    "get_batch",
    "get_row",
    "list_batches",
    "list_rows",
    "plain",
    "project_cells",
    "projects_by_number",
    "read_stored",
    "row_ids",
    "rows_by_verdict",
    "verdict_counts",
]
