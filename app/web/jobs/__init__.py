"""Long work as people see it: asked for, followed, fetched."""

from __future__ import annotations

from app.briefs.models import Brief
from app.jobs.operations import ask_for
from app.jobs.rules import JobKind
from app.kernel import clock
from app.web.jobs.queueing import queue_after_commit
from app.web.session import current, db

__all__ = ["print_in_background"]


def print_in_background(brief: Brief) -> None:
    """Have the file of ``brief`` made, once this request has been committed."""
    title = f"{brief.year}年{brief.month}月招商引资工作简报"
    queue_after_commit(
        ask_for(db(), current().actor, JobKind.brief, title, now=clock.now(), about_id=brief.id)
    )
