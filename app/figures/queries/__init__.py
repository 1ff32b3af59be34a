"""Reading figures: windows, breakdowns, targets, what stands on a day, and the rows behind a number."""

from app.figures.queries.months import latest_month
from app.figures.queries.rows import FactRow, list_rows
from app.figures.queries.standing import (
    ChainPicture,
    StandingSums,
    StandingRow,
    chain_pictures,
    list_standing,
    standing_sums,
)
from app.figures.queries.targets import target_progress
from app.figures.queries.windows import breakdown, headline, monthly_funds

__all__ = [
    "ChainPicture",
    "FactRow",
    "StandingRow",
    "StandingSums",
    "breakdown",
    "chain_pictures",
    "headline",
    "latest_month",
    "list_rows",
    "list_standing",
    "monthly_funds",
    "standing_sums",
    "target_progress",
]
