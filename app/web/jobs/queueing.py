"""Long work is asked for in the request and queued once the request has been committed."""

from __future__ import annotations

import logging

from flask import after_this_request, g
from flask.wrappers import Response

from app.jobs.models import Job
from app.jobs.operations import Said, hear, is_served, open_queue, put_into_queue, queue_url
from app.jobs.rules import JobState
from app.web.session import config, set_cookie

COOKIE = "jobs"
"""Set while something of the person's may be running, so that other pages need not ask the database."""
log = logging.getLogger(__name__)


def queue_after_commit(job: Job) -> None:
    """Put ``job`` into the queue when this request's answer is out and nothing was refused.

    Should that fail (no worker has ever run, the queue's database is away), the job waits in its row and the next
    worker's round finds it there.
    """
    settings = config()

    def start() -> None:
        try:
            with open_queue(queue_url(settings.database_url, settings.instance_path)) as queue:
                put_into_queue(queue, job)
        except Exception as error:
            why = str(error).partition("\n")[0]
            log.warning("job %s waits for the next round of a worker: %s", job.workflow_id, why)

    @after_this_request
    def arrange(response: Response) -> Response:
        if response.status_code < 400:
            g.db.expunge(job)
            set_cookie(response, COOKIE, "1", max_age=86400)
            response.call_on_close(start)
        return response


def how_far(job: Job) -> Said:
    """What to say of a job that has not ended: its step, its place in the queue, or that nobody works."""
    folder = config().instance_path
    if not is_served(folder):
        return Said("等待后台服务启动，请联系系统管理员", 0)
    said = hear(folder, job.zone_id, job.id)
    if said is not None:
        return said
    return Said("排队等待处理" if job.state is JobState.waiting else "正在处理", 0)
