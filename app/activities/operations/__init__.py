"""Logging activities, and the tasks that follow from them."""

from app.activities.operations.activities import (
    ActivityData,
    carry_to_project,
    correct_activity,
    link_activity,
    log_activity,
    unlink_activity,
    withdraw_activity,
)
from app.activities.operations.handing_over import hand_over_work
from app.activities.operations.tasks import (
    TaskData,
    finish_task,
    hand_task,
    make_task,
    postpone_task,
    reopen_task,
)

__all__ = [
    "ActivityData",
    "TaskData",
    "carry_to_project",
    "correct_activity",
    "finish_task",
    "hand_over_work",
    "hand_task",
    "link_activity",
    "log_activity",
    "make_task",
    "postpone_task",
    "reopen_task",
    "unlink_activity",
    "withdraw_activity",
]
