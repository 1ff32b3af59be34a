"""Reading figures: windows, breakdowns, targets, what stands on a day, and the rows behind a number."""

from app.figures.queries.by_project import sums_by_project
from app.figures.queries.chains import ChainPicture, chain_pictures
from app.figures.queries.changes import Change, list_big_changes, list_big_problems
from app.figures.queries.effect import Effect, recognition_effect
from app.figures.queries.members import find_members
from app.figures.queries.months import funds_two_years, latest_month
from app.figures.queries.rows import FactRow, list_rows
from app.figures.queries.series import MonthSums, month_series
from app.figures.queries.standing import StandingRow, StandingSums, list_standing, standing_sums
from app.figures.queries.targets import find_progress, target_progress
from app.figures.queries.warnings import list_reserve, list_warned
from app.figures.queries.windows import breakdown, counts_by_recognition, headline

__all__ = [
    "ChainPicture",
    "Change",
    "Effect",
    "FactRow",
    "MonthSums",
    "StandingRow",
    "StandingSums",
    "breakdown",
    "chain_pictures",
    "counts_by_recognition",
    "find_members",
    "find_progress",
    "funds_two_years",
    "headline",
    "latest_month",
    "list_big_changes",
    "list_big_problems",
    "list_reserve",
    "list_rows",
    "list_standing",
    "list_warned",
    "month_series",
    "recognition_effect",
    "standing_sums",
    "sums_by_project",
    "target_progress",
]
