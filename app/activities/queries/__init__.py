"""Reading activities, tasks, and projects without progress."""

from app.activities.queries.about import AboutRow, get_about, search_about
from app.activities.queries.filters import ActivityFilter, Linked
from app.activities.queries.in_hand import InHand, can_take_over, in_hand, list_takers
from app.activities.queries.listing import (
    ActivityOrder,
    ActivityRow,
    ActivitySums,
    UnitSums,
    activity_sums,
    get_row,
    iter_activities,
    lead_activities,
    list_activities,
    list_choices,
    project_activities,
)
from app.activities.queries.progress import Entry, progress_of
from app.activities.queries.records import get_activity, list_colleagues, open_tasks_of
from app.activities.queries.stale import last_progress
from app.activities.queries.tasks import (
    TaskRow,
    Waiting,
    get_task,
    list_tasks,
    list_tasks_after,
    waiting_counts,
)

__all__ = [
    "AboutRow",
    "ActivityFilter",
    "ActivityOrder",
    "ActivityRow",
    "ActivitySums",
    "Entry",
    "InHand",
    "Linked",
    "TaskRow",
    "UnitSums",
    "Waiting",
    "activity_sums",
    "can_take_over",
    "get_about",
    "get_activity",
    "get_row",
    "get_task",
    "in_hand",
    "iter_activities",
    "last_progress",
    "lead_activities",
    "list_activities",
    "list_choices",
    "list_colleagues",
    "list_takers",
    "list_tasks",
    "list_tasks_after",
    "open_tasks_of",
    "progress_of",
    "project_activities",
    "search_about",
    "waiting_counts",
]
