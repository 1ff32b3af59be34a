"""The one workflow: take the job up, do what its kind asks for step by step, write down how it ended.

DBOS remembers each step that ended and goes on after it when a worker was killed; the step in hand is run again.
So every step finds out itself what is done already, and what it changes it changes in one transaction.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from dbos import DBOS
from sqlalchemy.exc import OperationalError

from app.jobs.operations import WORKFLOW, take_up
from app.jobs.queries import get_job
from app.jobs.rules import JobKind
from app.kernel import clock
from app.kernel.errors import DomainError
from app.worker.runtime import runtime
from app.worker.tasks import STEPS, Outcome, Step, end_job

MAX_RECOVERIES = 3
"""A job that was in hand so often when its worker died is the likely reason; it is not taken up again."""
FAULT = "系统处理时出错，请联系管理员查看 jobs.log"
LOST = "数据库暂时连接不上，请稍后重试"
PAUSES = (1, 3, 10)
"""Seconds to wait before the database is tried again."""
log = logging.getLogger(__name__)


def _is_passing(error: BaseException) -> bool:
    return isinstance(error, OperationalError)


def _guarded(step: Step, zone_id: int, job_id: int, so_far: Outcome) -> Outcome:
    """What the step says; a refusal or a fault as an outcome, since only plain values are kept between steps."""
    for pause in PAUSES:
        try:
            return step(runtime(), zone_id, job_id, so_far)
        except DomainError as error:
            return {"failed": error.message}
        except OperationalError:
            log.warning("job %s of zone %s waits for the database", job_id, zone_id, exc_info=True)
            time.sleep(pause)
        except Exception:
            log.exception("job %s of zone %s", job_id, zone_id)
            return {"failed": FAULT}
    return {"failed": LOST}


def take(zone_id: int, job_id: int, attempt: int) -> str | None:
    """Take the job up; its kind, or None when there is nothing to do any more."""
    with runtime().open_session() as session:
        job = get_job(session, zone_id, job_id)
        return job.kind.value if take_up(session, job, attempt, now=clock.now()) else None


def work(kind: str, name: str, zone_id: int, job_id: int, so_far: Outcome) -> Outcome:
    """One step of a job; it never raises."""
    return _guarded(STEPS[JobKind(kind)][name], zone_id, job_id, so_far)


def end(zone_id: int, job_id: int, outcome: Outcome) -> None:
    """Write down how the job ended."""
    end_job(runtime(), zone_id, job_id, outcome)


def perform(
    zone_id: int,
    job_id: int,
    attempt: int,
    *,
    take: Callable[[int, int, int], str | None] = take,
    work: Callable[[str, str, int, int, Outcome], Outcome] = work,
    end: Callable[[int, int, Outcome], None] = end,
) -> None:
    """The job from beginning to end; the workflow does the same with steps that are remembered."""
    kind = take(zone_id, job_id, attempt)
    if kind is None:
        return
    outcome: Outcome = {}
    for name in STEPS[JobKind(kind)]:
        outcome = outcome | work(kind, name, zone_id, job_id, outcome)
        if "failed" in outcome:
            break
    end(zone_id, job_id, outcome)


_take = DBOS.step(name="take", retries_allowed=True, max_attempts=5, should_retry=_is_passing)(take)
_work = DBOS.step(name="work")(work)
_end = DBOS.step(name="end", retries_allowed=True, max_attempts=5, should_retry=_is_passing)(end)


@DBOS.workflow(name=WORKFLOW, max_recovery_attempts=MAX_RECOVERIES)
def run_job(zone_id: int, job_id: int, attempt: int) -> None:
    """Do the job; everything it needs stands in its row."""
    perform(zone_id, job_id, attempt, take=_take, work=_work, end=_end)
