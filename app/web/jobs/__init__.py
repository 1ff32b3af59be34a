"""Long work as people see it: asked for, followed, fetched."""

from __future__ import annotations

from app.briefs.queries import get_brief
from app.jobs.operations import ask_for
from app.jobs.rules import JobKind
from app.kernel import clock
from app.web.jobs.queueing import queue_after_commit
from app.web.session import current, db

__all__ = ["start_after_commit"]


def start_after_commit(_command: str, zone_id: str, brief_id: str) -> None:
    """Have a brief made in the background, once this request has been committed."""
    brief = get_brief(db(), int(zone_id), int(brief_id))
    title = f"{brief.year}年{brief.month}月招商引资工作简报"
    queue_after_commit(
        ask_for(db(), current().actor, JobKind.brief, title, now=clock.now(), about_id=brief.id)
    )
