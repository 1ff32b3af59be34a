"""Long work as people see it: asked for, followed, fetched."""

from __future__ import annotations

from app.briefs.models import Brief, BriefDocument
from app.jobs.operations import ask_for
from app.jobs.queries import Mine, list_open
from app.jobs.rules import JobKind
from app.kernel import clock
from app.web.jobs.queueing import queue_after_commit
from app.web.session import current, db

__all__ = ["make_in_background", "print_in_background"]


def print_in_background(brief: Brief) -> None:
    """Have the file of ``brief`` made, once this request has been committed."""
    title = f"{brief.year}年{brief.month}月招商引资工作简报"
    queue_after_commit(
        ask_for(db(), current().actor, JobKind.brief, title, now=clock.now(), about_id=brief.id)
    )


def make_in_background(document: BriefDocument, kind: JobKind) -> None:
    """Have another edition of ``document`` made; asked for again while it is being made, nothing happens."""
    arguments = {"document": document.id}
    running = list_open(db(), document.zone_id, Mine(current().user_id))
    if not any(job.kind is kind and job.arguments == arguments for job in running):
        title = f"{document.year}年{document.month}月招商引资工作简报"
        queue_after_commit(ask_for(db(), current().actor, kind, title, now=clock.now(), arguments=arguments))
